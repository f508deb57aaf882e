/** Runs in the browser: makes a scene and gives its pictures one by one. `render.ts` drives it. */
import { ACESFilmicToneMapping, PCFShadowMap, WebGLRenderer } from 'three';
import { Carpark } from './carpark.ts';
import { Corridor } from './corridor.ts';
import { Entrance } from './entrance.ts';
import { HEIGHT, type SceneDescription, type Stage, type Truth, WIDTH } from './stage.ts';

export interface RenderedFrame {
  /** data: URL of a JPEG. */
  picture: string;
  truths: Truth[];
}

export interface RenderPage {
  open(name: string): SceneDescription;
  /** Working out what is hidden costs as much as the picture: only where `withTruths`. */
  frame(seconds: number, withTruths: boolean): RenderedFrame;
}

const SCENES: Record<string, new (renderer: WebGLRenderer) => Stage> = {
  entrance: Entrance,
  carpark: Carpark,
  corridor: Corridor,
};

let stage: Stage | null = null;
const renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
renderer.setSize(WIDTH, HEIGHT);
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = PCFShadowMap;
renderer.toneMapping = ACESFilmicToneMapping;
renderer.toneMappingExposure = 1.1;
document.body.append(renderer.domElement);

const page: RenderPage = {
  open(name) {
    const Scene = SCENES[name];
    if (!Scene) throw new Error(`no scene ${name}: one of ${Object.keys(SCENES).join(', ')}`);
    stage = new Scene(renderer);
    return stage.description;
  },
  frame(seconds, withTruths) {
    if (!stage) throw new Error('no scene is open');
    stage.update(seconds);
    renderer.render(stage.scene, stage.camera);
    return {
      picture: renderer.domElement.toDataURL('image/jpeg', 0.96),
      truths: withTruths ? stage.truths() : [],
    };
  },
};
(globalThis as unknown as { renderPage: RenderPage }).renderPage = page;
