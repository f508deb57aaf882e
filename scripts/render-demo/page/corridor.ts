/** A corridor: somebody hangs about by the storeroom, others pass, four meet and stand together. */
import {
  BoxGeometry,
  Color,
  CylinderGeometry,
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  PlaneGeometry,
  type WebGLRenderer,
} from 'three';
import { paintTexture, plaster, tiles, wood } from './materials.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { type SceneDescription, Stage } from './stage.ts';
import type { WalkPlan } from './walk.ts';

const DURATION_S = 50;
const HALF_WIDTH = 2.1;
const HEIGHT = 3.05;
const END_Z = -9;

const WALKS: ReadonlyArray<readonly [name: PersonName, plan: WalkPlan]> = [
  [
    'finn',
    {
      startSeconds: 0,
      speed: 1.2,
      points: [
        [5, -10.2],
        [1.2, -9.6],
        [0.9, -4],
        [1.15, -0.6],
        [0.75, 0.2],
        [1.2, -1.4],
        [0.6, -5],
        [-1, -9.7],
        [-5, -10.3],
      ],
      stops: {
        3: { seconds: 10, face: -0.9, gesture: 'phone' },
        4: { seconds: 7, face: 2.6 },
        5: { seconds: 6, face: -0.5, gesture: 'phone' },
      },
    },
  ],
  [
    'ada',
    {
      startSeconds: 7,
      speed: 1.3,
      points: [
        [-5, -10.2],
        [-1.1, -9.5],
        [-0.9, -4],
        [-0.8, 1],
        [-0.6, 5.5],
      ],
    },
  ],
  [
    'hugo',
    {
      startSeconds: 17,
      speed: 1.35,
      points: [
        [-0.5, 5.5],
        [-0.9, 1],
        [-0.8, -4],
        [-1.2, -9.6],
        [-5, -10.3],
      ],
    },
  ],
  [
    'eva',
    {
      startSeconds: 27,
      speed: 1.35,
      points: [
        [-5, -10],
        [-1, -9.4],
        [-0.9, -4],
        [-1.45, -0.3],
        [-0.7, 2],
        [-0.4, 5.6],
      ],
      stops: { 3: { seconds: 6.4, face: 0.9 } },
    },
  ],
  [
    'dan',
    {
      startSeconds: 28,
      speed: 1.4,
      points: [
        [5, -10.2],
        [1, -9.4],
        [0.6, -4],
        [-0.35, -1.3],
        [0.3, 2],
        [0.2, 5.6],
      ],
      stops: { 3: { seconds: 5.6, face: -0.5 } },
    },
  ],
  [
    'cleo',
    {
      startSeconds: 32.5,
      speed: 1.3,
      points: [
        [0.6, 5.6],
        [0.5, 2.2],
        [0.4, 0.75],
        [1.1, -2.2],
        [1.2, -9],
        [5, -10.2],
      ],
      stops: { 2: { seconds: 5.4, face: -2.2 } },
    },
  ],
  [
    'gita',
    {
      startSeconds: 32,
      speed: 1.25,
      points: [
        [-1.3, 5.6],
        [-1.2, 2.4],
        [-0.55, 1.0],
        [-0.2, -2.4],
        [-1, -9.2],
        [-5, -10.2],
      ],
      stops: { 2: { seconds: 5.6, face: 2.6 } },
    },
  ],
];

export class Corridor extends Stage {
  readonly description: SceneDescription;

  constructor(renderer: WebGLRenderer) {
    super(renderer, { position: [-0.2, 2.85, 5.6], target: [0, 0.65, -0.9], fieldOfView: 52 });
    this.scene.background = new Color('#d8d6d0');
    this.light('#f6f4ee', '#c4bdb0', 2.3, {
      colour: '#fff6e6',
      strength: 1.7,
      from: [1.6, 9, 2.5],
      reach: 11,
    });
    this.buildShell();
    this.buildFittings();
    for (const [name, plan] of WALKS) this.addPerson(name, PEOPLE[name], plan);
    const floor = (points: ReadonlyArray<readonly [number, number]>) => [
      { points: points.map(([x, z]) => this.project(x, z)) },
    ];
    this.description = {
      title: 'Corridor',
      durationSeconds: DURATION_S,
      lines: [
        { name: 'Passage', points: [this.project(-2.05, -3), this.project(2.05, -3)], objects: ['person'] },
      ],
      zones: [
        {
          name: 'By the storeroom',
          polygons: floor([
            [0.25, -2.6],
            [2.05, -2.6],
            [2.05, 1.2],
            [0.25, 1.2],
          ]),
          objects: ['person'],
          intrusion: false,
          motion: true,
          loiteringSeconds: 12,
        },
        {
          name: 'Hall',
          polygons: floor([
            [-2.05, -2.8],
            [2.05, -2.8],
            [2.05, 2.1],
            [-2.05, 2.1],
          ]),
          objects: ['person'],
          intrusion: false,
          motion: true,
          crowdSize: 4,
        },
      ],
      reader: null,
      unlocks: [],
    };
  }

  protected updateProps(): void {}

  private buildShell(): void {
    const floor = new Mesh(new PlaneGeometry(24, 24), tiles('#7d766b', '#6c665b', 51, [8, 8]));
    floor.rotation.x = -Math.PI / 2;
    floor.position.set(0, 0, -3);
    this.addSolid(floor, false);
    const wall = plaster('#b8b3a4', 52, [5, 1]);
    const skirting = new MeshLambertMaterial({ color: '#4d5357' });
    for (const side of [-1, 1]) {
      const length = 8 - END_Z;
      const panel = new Mesh(new BoxGeometry(0.2, HEIGHT, length), wall);
      panel.position.set(side * (HALF_WIDTH + 0.1), HEIGHT / 2, END_Z + length / 2);
      this.addSolid(panel);
      panel.castShadow = false;
      const strip = new Mesh(new BoxGeometry(0.03, 0.12, length), skirting);
      strip.position.set(side * (HALF_WIDTH - 0.01), 0.06, END_Z + length / 2);
      this.addSolid(strip, false);
    }
    const end = new Mesh(new BoxGeometry(14, HEIGHT, 0.2), plaster('#a9b3b5', 53, [4, 1]));
    end.position.set(0, HEIGHT / 2, END_Z - 2.3);
    this.addSolid(end);
    const ceiling = new Mesh(new BoxGeometry(14, 0.1, 20), plaster('#d5d2cb', 54, [4, 5]));
    ceiling.position.set(0, HEIGHT + 0.05, -2.5);
    this.addSolid(ceiling, false);
    ceiling.castShadow = false;
    const tube = new MeshLambertMaterial({ color: '#ffffff', emissive: '#fffaf0', emissiveIntensity: 1.6 });
    for (let z = END_Z + 1; z < 4; z += 2.8) {
      const panel = new Mesh(new BoxGeometry(0.6, 0.03, 1.2), tube);
      panel.position.set(0, HEIGHT - 0.01, z);
      this.scene.add(panel);
    }
  }

  private buildFittings(): void {
    const frame = new MeshLambertMaterial({ color: '#6d675e' });
    const steel = new MeshStandardMaterial({ color: '#9da1a4', roughness: 0.3, metalness: 0.6 });
    const doors: ReadonlyArray<readonly [side: number, z: number, colour: string]> = [
      [1, -0.6, '#7b5a3a'],
      [1, -5.4, '#7b5a3a'],
      [-1, -2.9, '#47627a'],
      [-1, -7, '#47627a'],
    ];
    for (const [side, z, colour] of doors) {
      const around = new Mesh(new BoxGeometry(0.06, 2.2, 1.1), frame);
      around.position.set(side * HALF_WIDTH, 1.1, z);
      const leaf = new Mesh(new BoxGeometry(0.07, 2.1, 0.94), wood(colour, 60 + Math.round(z)));
      leaf.position.set(side * (HALF_WIDTH - 0.012), 1.05, z);
      const handle = new Mesh(new CylinderGeometry(0.02, 0.02, 0.14, 8), steel);
      handle.rotation.x = Math.PI / 2;
      handle.position.set(side * (HALF_WIDTH - 0.08), 1.05, z + 0.36);
      for (const part of [around, leaf, handle]) this.addSolid(part, false);
    }
    const notice = paintTexture(256, 70, [1, 1], (context, size, random) => {
      context.fillStyle = '#e8e4d6';
      context.fillRect(0, 0, size, size);
      for (let paper = 0; paper < 6; paper++) {
        context.fillStyle = ['#f7f7f2', '#dbe7f0', '#f2e2c8'][paper % 3]!;
        context.fillRect(12 + (paper % 3) * 80, 14 + Math.floor(paper / 3) * 120, 66, 100);
        context.fillStyle = 'rgba(40,40,60,0.6)';
        for (let line = 0; line < 7; line++)
          context.fillRect(
            18 + (paper % 3) * 80,
            26 + Math.floor(paper / 3) * 120 + line * 12,
            20 + random() * 34,
            3,
          );
      }
    });
    const board = new Mesh(new BoxGeometry(0.04, 0.8, 1.3), new MeshLambertMaterial({ map: notice }));
    board.position.set(-HALF_WIDTH + 0.01, 1.55, -0.3);
    this.addSolid(board, false);
    const bin = new Mesh(new CylinderGeometry(0.18, 0.15, 0.55, 18), steel);
    bin.position.set(-1.8, 0.28, -4.4);
    this.addSolid(bin);
    const extinguisher = new Mesh(
      new CylinderGeometry(0.08, 0.08, 0.45, 14),
      new MeshLambertMaterial({ color: '#a81c1c' }),
    );
    extinguisher.position.set(1.98, 0.75, -3.4);
    this.addSolid(extinguisher, false);
  }
}
