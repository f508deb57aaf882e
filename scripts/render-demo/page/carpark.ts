/** A car park: a row of parked cars, a lane with cars that drive through, and people on foot. */
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
import { Car, type CarLook } from './car.ts';
import { asphalt, createRandom, plaster, tiles } from './materials.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { type SceneDescription, Stage } from './stage.ts';
import { planWalk, type WalkPlan } from './walk.ts';

const DURATION_S = 40;
const BAY_WIDTH = 3.3;
const BAY_Z = -9.6;
/** Bays lie askew, as car parks with one-way lanes have them. */
const BAY_TURN = 0.62;

const PARKED: ReadonlyArray<readonly [bay: number, look: CarLook]> = [
  [-3, { kind: 'suv', paint: '#2b2e33' }],
  [-2, { kind: 'hatchback', paint: '#b9c2c9' }],
  [0, { kind: 'hatchback', paint: '#d9dadb' }],
  [1, { kind: 'sedan', paint: '#274a86' }],
  [3, { kind: 'suv', paint: '#7a1f22' }],
];

const DRIVES: ReadonlyArray<readonly [name: string, look: CarLook, plan: WalkPlan]> = [
  [
    'red',
    { kind: 'hatchback', paint: '#b3261e' },
    {
      startSeconds: 1,
      speed: 4,
      points: [
        [-19, -4.0],
        [-6, -4.0],
        [6, -4.0],
        [19, -4.0],
      ],
    },
  ],
  [
    'white',
    { kind: 'suv', paint: '#e8e8e6' },
    {
      startSeconds: 13,
      speed: 4.4,
      points: [
        [19, -6.1],
        [6, -6.1],
        [-6, -6.1],
        [-19, -6.1],
      ],
    },
  ],
  [
    'blue',
    { kind: 'hatchback', paint: '#1f5fa8' },
    {
      startSeconds: 25,
      speed: 4,
      points: [
        [-19, -4.0],
        [-8, -4.0],
        [-0.6, -4.0],
        [8, -4.0],
        [19, -4.0],
      ],
      stops: { 2: { seconds: 4 } },
    },
  ],
];

const WALKS: ReadonlyArray<readonly [name: PersonName, plan: WalkPlan]> = [
  [
    'hugo',
    {
      startSeconds: 0,
      speed: 1.35,
      points: [
        [-8.5, 0.4],
        [-3, 0.2],
        [3, 0.5],
        [8.5, 0.3],
      ],
    },
  ],
  [
    'gita',
    {
      startSeconds: 8,
      speed: 1.2,
      points: [
        [-3.2, -12.6],
        [-2.6, -8.2],
        [-2.8, -4.8],
        [-2.2, -1],
        [-4, 1.5],
        [-8, 2],
      ],
    },
  ],
  [
    'ben',
    {
      startSeconds: 17,
      speed: 1.4,
      points: [
        [8.5, -0.6],
        [3, -0.9],
        [-3, -0.5],
        [-9, -0.8],
      ],
    },
  ],
  [
    'cleo',
    {
      startSeconds: 25,
      speed: 1.3,
      points: [
        [9, 0.6],
        [4.4, 0.2],
        [3.2, -2],
        [3.0, -5.5],
        [1.6, -8],
        [1.0, -13.5],
      ],
    },
  ],
];

export class Carpark extends Stage {
  readonly description: SceneDescription;

  constructor(renderer: WebGLRenderer) {
    super(renderer, { position: [0, 4.0, 7.2], target: [0, 0.4, -3.2], fieldOfView: 46 });
    this.scene.background = new Color('#bfd0df');
    this.scene.fog = new Fog('#bfd0df', 30, 90);
    this.light('#dfeaf8', '#8d8880', 1.5, { colour: '#fff0d8', strength: 3.2, from: [-9, 14, 6], reach: 18 });
    this.buildGround();
    this.buildSurroundings();
    for (const [bay, look] of PARKED) {
      const car = new Car(look);
      car.place(bay * BAY_WIDTH, BAY_Z, BAY_TURN);
      this.addCar(`parked${bay}`, car.root);
    }
    for (const [name, look, plan] of DRIVES) this.addDrive(name, look, plan);
    for (const [name, plan] of WALKS) this.addPerson(name, PEOPLE[name], plan);
    this.description = {
      title: 'Car park',
      durationSeconds: DURATION_S,
      lines: [
        { name: 'Lane', points: [this.project(0, -7.6), this.project(0, -2.4)] },
        { name: 'Footpath', points: [this.project(-1.5, -1.8), this.project(-1.5, 1.6)] },
      ],
      zones: [
        {
          name: 'Bays',
          polygons: [
            {
              points: [
                this.project(-9.4, -12.6),
                this.project(9.4, -12.6),
                this.project(9.4, -7.8),
                this.project(-9.4, -7.8),
              ],
            },
          ],
          intrusion: false,
          motion: true,
          loiteringSeconds: 30,
        },
      ],
      reader: null,
      unlocks: [],
    };
  }

  protected updateProps(): void {}

  private addDrive(name: string, look: CarLook, plan: WalkPlan): void {
    const car = new Car(look);
    const way = planWalk(plan);
    this.addCar(name, car.root, (seconds) => {
      const state = way.at(seconds);
      if (state) car.place(state.x, state.z, state.heading, state.distance);
      return state !== null;
    });
  }

  private buildGround(): void {
    const ground = new Mesh(new PlaneGeometry(80, 40), asphalt(21, [14, 7]));
    ground.rotation.x = -Math.PI / 2;
    ground.position.set(0, 0, -8);
    this.addSolid(ground, false);
    const path = new Mesh(new BoxGeometry(80, 0.05, 3.6), tiles('#8e8b85', '#6b6863', 22, [24, 1.2]));
    path.position.set(0, 0.0, 0.1);
    this.addSolid(path, false);
    const paint = new MeshLambertMaterial({ color: '#c9c9c2' });
    for (let bay = -4; bay <= 4; bay++) {
      const stripe = new Mesh(new BoxGeometry(0.1, 0.012, 5), paint);
      stripe.position.set((bay - 0.5) * BAY_WIDTH, 0.004, BAY_Z);
      stripe.rotation.y = BAY_TURN;
      this.addSolid(stripe, false);
    }
    for (let dash = -10; dash <= 10; dash++) {
      const stripe = new Mesh(new BoxGeometry(1.2, 0.012, 0.1), paint);
      stripe.position.set(dash * 3, 0.004, -5.05);
      this.addSolid(stripe, false);
    }
  }

  private buildSurroundings(): void {
    const building = new Mesh(new BoxGeometry(70, 9, 4), plaster('#a79c8c', 40, [8, 2]));
    building.position.set(0, 4.5, -20);
    this.addSolid(building, false);
    const window = new MeshStandardMaterial({
      color: '#2d3a44',
      roughness: 0.15,
      metalness: 0.5,
      envMapIntensity: 6,
    });
    for (let x = -27; x <= 27; x += 3) {
      for (const y of [2.2, 5.4]) {
        const pane = new Mesh(new BoxGeometry(1.5, 1.6, 0.1), window);
        pane.position.set(x, y, -17.96);
        this.scene.add(pane);
      }
    }
    const random = createRandom(6);
    const leaves = [
      new MeshLambertMaterial({ color: '#3f6632' }),
      new MeshLambertMaterial({ color: '#557a3c' }),
    ];
    for (let x = -24; x <= 24; x += 0.9) {
      const bush = new Mesh(new SphereGeometry(0.5 + random() * 0.35, 8, 6), leaves[random() > 0.5 ? 0 : 1]);
      bush.position.set(x + random() * 0.5, 0.4, -14.6 + random() * 0.6);
      this.addSolid(bush, false);
    }
    for (const x of [-11, 10.5]) {
      const trunk = new Mesh(new CylinderGeometry(0.14, 0.2, 3, 10), plaster('#5a4632', 41));
      trunk.position.set(x, 1.5, -14);
      this.addSolid(trunk, false);
      for (let index = 0; index < 22; index++) {
        const tuft = new Mesh(new SphereGeometry(0.5 + random() * 0.5, 8, 6), leaves[random() > 0.5 ? 0 : 1]);
        tuft.position.set(x + (random() - 0.5) * 2.6, 3.2 + random() * 2, -14 + (random() - 0.5) * 2.2);
        this.addSolid(tuft, false);
      }
    }
    const steel = new MeshStandardMaterial({ color: '#6a6e72', roughness: 0.5, metalness: 0.4 });
    const lamp = new Mesh(new CylinderGeometry(0.06, 0.08, 5.5, 12), steel);
    lamp.position.set(8.6, 2.75, -12.6);
    this.addSolid(lamp);
  }
}
