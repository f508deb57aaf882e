/** A lobby from inside: people come through a sliding glass door after showing a badge outside; one lets somebody in behind. */
import {
  BoxGeometry,
  Color,
  CylinderGeometry,
  Fog,
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  PlaneGeometry,
  SphereGeometry,
  type WebGLRenderer,
} from 'three';
import { createRandom, plaster, tiles, wood } from './materials.ts';
import { PEOPLE } from './people.ts';
import { type SceneDescription, Stage } from './stage.ts';
import { buildStreet } from './street.ts';
import type { planWalk, WalkPlan } from './walk.ts';

const DURATION_S = 60;
const DOOR_HALF = 0.95;
const DOOR_HEIGHT = 2.35;
/** Where somebody stands who shows a badge, outside on the right. */
const AT_READER = [1.75, -0.8] as const;

const VISITS = [
  {
    name: 'ada',
    start: 0,
    from: [
      [-8, -4.2],
      [-3, -3.2],
    ],
    to: [
      [0.5, 1.4],
      [2.4, 2.7],
      [6, 3.4],
    ],
    badge: true,
  },
  {
    name: 'ben',
    start: 13,
    from: [
      [8.5, -5],
      [4, -3],
    ],
    to: [
      [-0.1, 1.6],
      [-2, 2.7],
      [-6, 3.2],
    ],
    badge: true,
  },
  {
    name: 'finn',
    start: 17.1,
    from: [
      [9, -5.6],
      [4.4, -3.6],
    ],
    to: [
      [0.2, 1.5],
      [1.8, 2.6],
      [6, 3],
    ],
    badge: false,
  },
  {
    name: 'cleo',
    start: 30,
    from: [
      [-8, -5],
      [-3, -4],
    ],
    to: [
      [0.1, 1.6],
      [-0.8, 2.9],
      [-6, 3.9],
    ],
    badge: true,
  },
] as const;

export class Entrance extends Stage {
  readonly description: SceneDescription;
  private readonly doors: Mesh[] = [];
  private readonly lamp = new MeshLambertMaterial({
    color: '#401010',
    emissive: '#d02020',
    emissiveIntensity: 1.2,
  });
  private readonly openings: Array<[number, number]> = [];

  constructor(renderer: WebGLRenderer) {
    super(renderer, { position: [-0.5, 3.0, 6.2], target: [0, 0.75, 0], fieldOfView: 43 });
    this.scene.background = new Color('#c9d6e2');
    this.scene.fog = new Fog('#c9d6e2', 18, 60);
    this.light('#eaf2ff', '#8d8478', 0.75, {
      colour: '#fff2dc',
      strength: 3.4,
      from: [-5, 11, 7],
      reach: 11,
    });
    buildStreet((mesh) => this.addSolid(mesh, false));
    this.buildLobby();
    this.buildFront();
    const unlocks = this.addVisits();
    this.description = {
      title: 'Entrance',
      durationSeconds: DURATION_S,
      lines: [
        {
          name: 'Enter',
          points: [this.project(-2.1, 0.75), this.project(2.1, 0.75)],
          objects: ['person'],
          tailgating: { windowSeconds: 8, peoplePerUnlock: 1, direction: 'forward' },
        },
      ],
      zones: [
        {
          name: 'Lobby',
          polygons: [
            {
              points: [
                this.project(-2.6, 0.3),
                this.project(2.6, 0.3),
                this.project(3.2, 3),
                this.project(-3.2, 3),
              ],
            },
          ],
          objects: ['person'],
          intrusion: false,
          motion: true,
        },
      ],
      reader: { deviceId: 'demo-entrance-reader', deviceName: 'Front door' },
      unlocks,
    };
  }

  protected updateProps(seconds: number): void {
    const open = Math.max(...this.openings.map(([from, to]) => trapezoid(seconds, from, to)));
    for (const door of this.doors)
      door.position.x = Math.sign(door.userData.side) * (DOOR_HALF / 2 + open * (DOOR_HALF - 0.06));
    const isUnlocked = this.openings.some(([from, to]) => seconds >= from && seconds < to);
    this.lamp.emissive.set(isUnlocked ? '#20d040' : '#d02020');
    this.lamp.color.set(isUnlocked ? '#104018' : '#401010');
  }

  private addVisits(): SceneDescription['unlocks'] {
    const unlocks: SceneDescription['unlocks'] = [];
    for (const visit of VISITS) {
      const middle: Array<readonly [number, number]> = visit.badge
        ? [AT_READER, [0.35, -0.1]]
        : [
            [1.5, -1.7],
            [0.3, -0.1],
          ];
      const stops: NonNullable<WalkPlan['stops']> = visit.badge
        ? { 2: { seconds: 1.3, face: 0.1, gesture: 'badge' } }
        : {};
      const plan: WalkPlan = {
        startSeconds: visit.start,
        speed: visit.name === 'finn' ? 1.4 : 1.25,
        points: [...visit.from, ...middle, ...visit.to],
        stops,
      };
      const walk = this.addPerson(visit.name, PEOPLE[visit.name], plan);
      if (!visit.badge) continue;
      const atSeconds = Math.round((firstBadge(walk) + 0.5) * 100) / 100;
      this.openings.push([atSeconds, atSeconds + (visit.name === 'ben' ? 7.5 : 5)]);
      const actorName = visit.name.charAt(0).toUpperCase() + visit.name.slice(1);
      unlocks.push({
        atSeconds,
        actorId: `demo-${visit.name}`,
        actorName,
        actorEmail: `${visit.name}@example.test`,
      });
    }
    // Going out, the door opens by itself.
    this.addPerson('dan', PEOPLE.dan, {
      startSeconds: 45,
      speed: 1.3,
      points: [
        [5.8, 2.6],
        [2.2, 2.2],
        [0.3, 1.2],
        [0, -0.2],
        [-1.2, -2.2],
        [-8.5, -4],
      ],
    });
    this.openings.push([48.3, 52.6]);
    return unlocks;
  }

  private buildLobby(): void {
    const floor = new Mesh(new PlaneGeometry(16, 10), tiles('#9a948a', '#77716a', 1, [4, 2.5]));
    floor.rotation.x = -Math.PI / 2;
    floor.position.set(0, 0, 5);
    this.addSolid(floor, false);
    const mat = new Mesh(new BoxGeometry(2.3, 0.015, 1.3), new MeshLambertMaterial({ color: '#3b3f42' }));
    mat.position.set(0, 0.008, 0.85);
    this.addSolid(mat, false);
    const pot = new Mesh(new CylinderGeometry(0.24, 0.18, 0.5, 20), plaster('#e6e2da', 30));
    pot.position.set(-3.3, 0.25, 0.5);
    this.addSolid(pot);
    const random = createRandom(8);
    const leaf = new MeshLambertMaterial({ color: '#3d6b35' });
    for (let index = 0; index < 26; index++) {
      const blade = new Mesh(new SphereGeometry(0.3, 6, 5), leaf);
      blade.scale.set(0.16, 1.2, 0.34);
      blade.position.set(-3.3 + (random() - 0.5) * 0.4, 0.8 + random() * 0.35, 0.5 + (random() - 0.5) * 0.4);
      blade.rotation.set((random() - 0.5) * 1.5, random() * 6, (random() - 0.5) * 1.5);
      this.addSolid(blade, false);
    }
    const bench = new Mesh(new BoxGeometry(1.5, 0.08, 0.45), wood('#9a6b3f', 12));
    bench.position.set(3.5, 0.45, 0.45);
    this.addSolid(bench);
    for (const x of [2.9, 4.1]) {
      const leg = new Mesh(new BoxGeometry(0.06, 0.45, 0.4), new MeshLambertMaterial({ color: '#333' }));
      leg.position.set(x, 0.22, 0.45);
      this.addSolid(leg);
    }
  }

  private buildFront(): void {
    const wall = plaster('#b9b2a6', 2);
    for (const side of [-1, 1]) {
      const panel = new Mesh(new BoxGeometry(6, 3.4, 0.24), wall);
      panel.position.set(side * 5.9, 1.7, 0);
      this.addSolid(panel);
    }
    const lintel = new Mesh(new BoxGeometry(5.8, 1.05, 0.24), wall);
    lintel.position.set(0, 2.9, 0);
    this.addSolid(lintel);
    const frame = new MeshStandardMaterial({ color: '#3a3f44', roughness: 0.35, metalness: 0.7 });
    for (const x of [-2.88, -DOOR_HALF - 0.03, DOOR_HALF + 0.03, 2.88]) {
      const post = new Mesh(new BoxGeometry(0.05, DOOR_HEIGHT, 0.09), frame);
      post.position.set(x, DOOR_HEIGHT / 2, 0);
      this.addSolid(post);
    }
    const rail = new Mesh(new BoxGeometry(5.8, 0.07, 0.12), frame);
    rail.position.set(0, DOOR_HEIGHT, 0);
    this.addSolid(rail);
    for (const x of [-1.93, 1.93]) this.addGlass(x, 1.82, 0, frame);
    for (const side of [-1, 1]) {
      const door = this.addGlass((side * DOOR_HALF) / 2, DOOR_HALF, 0.07, frame);
      door.userData.side = side;
      this.doors.push(door);
    }
    const post = new Mesh(new BoxGeometry(0.1, 1.15, 0.1), frame);
    post.position.set(1.95, 0.58, -0.35);
    const reader = new Mesh(new BoxGeometry(0.13, 0.2, 0.05), new MeshLambertMaterial({ color: '#15171a' }));
    reader.position.set(1.95, 1.2, -0.38);
    const lamp = new Mesh(new BoxGeometry(0.3, 0.09, 0.05), this.lamp);
    lamp.position.set(0, 2.52, 0.14);
    this.addSolid(post, false);
    this.addSolid(reader, false);
    this.scene.add(lamp);
  }

  private addGlass(x: number, width: number, z: number, frame: MeshStandardMaterial): Mesh {
    const glass = new MeshStandardMaterial({
      color: '#bcd2d6',
      roughness: 0.05,
      metalness: 0.1,
      transparent: true,
      opacity: 0.1,
      depthWrite: false,
    });
    const pane = new Mesh(new BoxGeometry(width, DOOR_HEIGHT - 0.06, 0.03), glass);
    pane.position.set(x, DOOR_HEIGHT / 2, z);
    for (const [w, h, dx, dy] of [
      [0.05, DOOR_HEIGHT - 0.06, -width / 2 + 0.03, 0],
      [0.05, DOOR_HEIGHT - 0.06, width / 2 - 0.03, 0],
      [width, 0.08, 0, -DOOR_HEIGHT / 2 + 0.08],
    ] as const) {
      const edge = new Mesh(new BoxGeometry(w, h, 0.05), frame);
      edge.position.set(dx, dy, 0);
      edge.castShadow = true;
      pane.add(edge);
    }
    this.scene.add(pane);
    return pane;
  }
}

function firstBadge(walk: ReturnType<typeof planWalk>): number {
  for (let seconds = 0; seconds < walk.endSeconds; seconds += 0.02) {
    if (walk.at(seconds)?.gesture === 'badge') return seconds;
  }
  return 0;
}

/** 0 outside, 1 inside, with slopes of 0.7 s. */
function trapezoid(seconds: number, from: number, to: number): number {
  const smooth = (value: number) => {
    const part = Math.min(1, Math.max(0, value));
    return part * part * (3 - 2 * part);
  };
  return Math.min(smooth((seconds - from) / 0.7), smooth((to - seconds) / 0.7));
}
