/** What every demo scene has: a camera, light, people and cars on their ways, and the truth about what is to be seen. */
import {
  Box3,
  DirectionalLight,
  HemisphereLight,
  type Mesh,
  type Object3D,
  PerspectiveCamera,
  PMREMGenerator,
  Raycaster,
  Scene,
  Vector3,
  type WebGLRenderer,
} from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import type { FigureLook } from './body-parts.ts';
import { Figure } from './figure.ts';
import { planWalk, type WalkPlan } from './walk.ts';

export const WIDTH = 960;
export const HEIGHT = 540;

/** What is to be seen in one picture; box in fractions of it. */
export interface Truth {
  name: string;
  label: 'person' | 'car';
  box: { x: number; y: number; width: number; height: number };
  /** Wholly inside the picture and at most a fifth hidden. */
  whole: boolean;
}

/** What scene.json says beside the times. */
export interface SceneDescription {
  title: string;
  durationSeconds: number;
  lines: unknown[];
  zones: unknown[];
  reader: { deviceId: string; deviceName: string } | null;
  unlocks: Array<{ atSeconds: number; actorId: string; actorName: string; actorEmail: string }>;
}

interface Actor {
  name: string;
  label: Truth['label'];
  root: Object3D;
  /** False: not in the scene at this time. */
  update(seconds: number): boolean;
  outline(): Vector3[];
}

export abstract class Stage {
  readonly scene = new Scene();
  readonly camera: PerspectiveCamera;
  abstract readonly description: SceneDescription;
  /** What hides people and cars: walls, pillars, furniture; not glass. */
  protected readonly occluders: Object3D[] = [];
  private readonly actors: Actor[] = [];

  constructor(
    renderer: WebGLRenderer,
    lens: {
      position: readonly [number, number, number];
      target: readonly [number, number, number];
      fieldOfView: number;
    },
  ) {
    this.camera = new PerspectiveCamera(lens.fieldOfView, WIDTH / HEIGHT, 0.1, 200);
    this.camera.position.set(...lens.position);
    this.camera.lookAt(...lens.target);
    this.camera.updateMatrixWorld(true);
    const generator = new PMREMGenerator(renderer);
    this.scene.environment = generator.fromScene(new RoomEnvironment(), 0.04).texture;
    this.scene.environmentIntensity = 0.03;
  }

  /** Moves everything to its place at this time of the loop. */
  update(seconds: number): void {
    for (const actor of this.actors) actor.root.visible = actor.update(seconds);
    this.updateProps(seconds);
  }

  truths(): Truth[] {
    this.scene.updateMatrixWorld(true);
    const seen = this.actors.filter((actor) => actor.root.visible);
    return seen.map((actor) => {
      const points = actor.outline();
      const box = this.boxOf(points);
      const isInside = box.x >= 0 && box.y >= 0 && box.x + box.width <= 1 && box.y + box.height <= 1;
      const blockers = [
        ...this.occluders,
        ...seen.filter((other) => other !== actor).map((other) => other.root),
      ];
      const hidden = points.filter((point) => this.isHidden(point, blockers)).length / points.length;
      return { name: actor.name, label: actor.label, box, whole: isInside && hidden <= 0.2 };
    });
  }

  /** A place on the floor as a point of the picture. */
  project(x: number, z: number, y = 0): { x: number; y: number } {
    const point = new Vector3(x, y, z).project(this.camera);
    const clamp = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
    return { x: clamp((point.x + 1) / 2), y: clamp((1 - point.y) / 2) };
  }

  protected abstract updateProps(seconds: number): void;

  protected light(
    sky: string,
    ground: string,
    fill: number,
    sun: { colour: string; strength: number; from: readonly [number, number, number]; reach: number },
  ): void {
    this.scene.add(new HemisphereLight(sky, ground, fill));
    const lamp = new DirectionalLight(sun.colour, sun.strength);
    lamp.position.set(...sun.from);
    lamp.castShadow = true;
    lamp.shadow.mapSize.set(1024, 1024);
    lamp.shadow.radius = 2;
    lamp.shadow.bias = -0.0006;
    lamp.shadow.normalBias = 0.02;
    const shadow = lamp.shadow.camera;
    shadow.left = shadow.bottom = -sun.reach;
    shadow.right = shadow.top = sun.reach;
    shadow.far = 60;
    shadow.updateProjectionMatrix();
    this.scene.add(lamp, lamp.target);
  }

  protected addSolid(mesh: Mesh, hides = true): Mesh {
    mesh.castShadow = mesh.receiveShadow = true;
    this.scene.add(mesh);
    if (hides) this.occluders.push(mesh);
    return mesh;
  }

  /** A person on the way; returns the walk. */
  protected addPerson(name: string, look: FigureLook, plan: WalkPlan): ReturnType<typeof planWalk> {
    const figure = new Figure(look);
    const walk = planWalk(plan);
    this.scene.add(figure.root);
    this.actors.push({
      name,
      label: 'person',
      root: figure.root,
      update: (seconds) => {
        const state = walk.at(seconds);
        if (state) figure.pose(state, seconds);
        return state !== null;
      },
      outline: () => figure.outline(),
    });
    return walk;
  }

  /** A car that moves (`update` gives false while it is away) or stands. */
  protected addCar(name: string, root: Object3D, update: (seconds: number) => boolean = () => true): void {
    this.scene.add(root);
    this.actors.push({
      name,
      label: 'car',
      root,
      update,
      outline: () => {
        const box = new Box3().setFromObject(root.children[0]!);
        const points: Vector3[] = [];
        for (const x of [box.min.x, box.max.x]) {
          for (const y of [box.min.y, box.max.y]) {
            for (const z of [box.min.z, box.max.z])
              points.push(new Vector3(x, y, z).lerp(box.getCenter(new Vector3()), 0.12));
          }
        }
        return points;
      },
    });
  }

  private boxOf(points: readonly Vector3[]): Truth['box'] {
    const projected = points.map((point) => point.clone().project(this.camera));
    const xs = projected.map(({ x }) => (x + 1) / 2);
    const ys = projected.map(({ y }) => (1 - y) / 2);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  }

  private isHidden(point: Vector3, blockers: Object3D[]): boolean {
    const direction = point.clone().sub(this.camera.position);
    const distance = direction.length();
    const ray = new Raycaster(this.camera.position, direction.normalize(), 0.1, distance - 0.12);
    return ray.intersectObjects(blockers, true).length > 0;
  }
}
