/** Cars: an extruded body with wheel arches, a tapering cabin with windows, wheels, lights. Metres; drives towards +z. */
import {
  BoxGeometry,
  type BufferGeometry,
  CylinderGeometry,
  ExtrudeGeometry,
  Group,
  type Material,
  Mesh,
  MeshStandardMaterial,
  Shape,
} from 'three';

export interface CarLook {
  kind: 'sedan' | 'hatchback' | 'suv';
  paint: string;
}

type Outline = ReadonlyArray<readonly [along: number, up: number]>;

/** Side views, nose at +. The cabin's points run front bottom, front top, rear top, rear bottom. */
const KINDS: Record<
  CarLook['kind'],
  {
    nose: number;
    tail: number;
    belt: number;
    hood: number;
    deck: number;
    cabin: Outline;
    raise: number;
    wheel: number;
  }
> = {
  sedan: {
    nose: 2.25,
    tail: -2.25,
    belt: 0.93,
    hood: 0.78,
    deck: 0.95,
    cabin: [
      [1.05, 0.9],
      [0.35, 1.4],
      [-0.85, 1.43],
      [-1.7, 0.95],
    ],
    raise: 0,
    wheel: 0.32,
  },
  hatchback: {
    nose: 2.0,
    tail: -1.95,
    belt: 0.95,
    hood: 0.82,
    deck: 0.95,
    cabin: [
      [1.0, 0.9],
      [0.3, 1.46],
      [-1.35, 1.47],
      [-1.88, 0.98],
    ],
    raise: 0,
    wheel: 0.32,
  },
  suv: {
    nose: 2.25,
    tail: -2.2,
    belt: 1.05,
    hood: 0.95,
    deck: 1.05,
    cabin: [
      [1.05, 1.0],
      [0.45, 1.58],
      [-1.75, 1.6],
      [-2.1, 1.05],
    ],
    raise: 0.1,
    wheel: 0.37,
  },
};
const HALF_WIDTH = 0.87;

const GLASS = new MeshStandardMaterial({
  color: '#2b3842',
  roughness: 0.1,
  metalness: 0.35,
  envMapIntensity: 14,
});
const RUBBER = new MeshStandardMaterial({ color: '#17181a', roughness: 0.9 });
const RIM = new MeshStandardMaterial({
  color: '#b9bcc0',
  roughness: 0.35,
  metalness: 0.6,
  envMapIntensity: 6,
});
const TRIM = new MeshStandardMaterial({ color: '#1e2022', roughness: 0.7 });
const LAMP = new MeshStandardMaterial({
  color: '#f4f4ee',
  emissive: '#fff6e0',
  emissiveIntensity: 0.5,
  roughness: 0.2,
});
const TAIL_LAMP = new MeshStandardMaterial({
  color: '#a01518',
  emissive: '#c01010',
  emissiveIntensity: 0.45,
  roughness: 0.3,
});
const PLATE = new MeshStandardMaterial({ color: '#e9e9e4', roughness: 0.6 });

export class Car {
  readonly root = new Group();
  private readonly shell = new Group();
  private readonly wheels: Group[] = [];
  private readonly radius: number;

  constructor(look: CarLook) {
    const shape = KINDS[look.kind];
    this.radius = shape.wheel;
    this.root.add(this.shell);
    // Built along x, then turned to drive towards +z.
    this.shell.rotation.y = -Math.PI / 2;
    const paint = new MeshStandardMaterial({
      color: look.paint,
      roughness: 0.28,
      metalness: 0.35,
      envMapIntensity: 7,
    });
    const low = 0.26 + shape.raise;
    this.addBody(shape, low, paint);
    this.addCabin(shape.cabin, shape.belt, paint);
    this.addBox(
      TRIM,
      [shape.nose + shape.tail * -1 - 0.5, 0.16, 1.5],
      [(shape.nose + shape.tail) / 2, low, 0],
    );
    for (const [end, lamp] of [
      [shape.nose, LAMP],
      [shape.tail, TAIL_LAMP],
    ] as const) {
      const out = Math.sign(end);
      const height = (end > 0 ? shape.hood : shape.deck) - 0.13;
      for (const side of [-1, 1])
        this.addBox(
          lamp,
          [0.1, end > 0 ? 0.14 : 0.2, end > 0 ? 0.4 : 0.36],
          [end + out * 0.02, height, side * 0.64],
        );
      this.addBox(PLATE, [0.02, 0.11, 0.5], [end + out * 0.075, end > 0 ? 0.42 + shape.raise : 0.66, 0]);
      this.addBox(TRIM, [0.08, 0.16, 1.66], [end + out * 0.03, 0.33 + shape.raise, 0]);
    }
    this.addBox(TRIM, [0.04, 0.16, 0.86], [shape.nose + 0.045, shape.hood - 0.16, 0]);
    for (const side of [-1, 1]) {
      this.addBox(
        paint,
        [0.16, 0.1, 0.16],
        [shape.cabin[0]![0] - 0.15, shape.belt + 0.08, side * (HALF_WIDTH + 0.1)],
      );
      for (const along of [0.55, -0.42, -1.25])
        this.addBox(
          TRIM,
          [0.012, shape.belt - low - 0.2, 0.012],
          [along, (shape.belt + low) / 2 + 0.06, side * (HALF_WIDTH + 0.05)],
        );
      for (const along of [-0.25, 0.72])
        this.addBox(RIM, [0.16, 0.025, 0.02], [along - 0.25, shape.belt - 0.12, side * (HALF_WIDTH + 0.055)]);
      for (const along of [shape.nose - 0.88, shape.tail + 0.88]) this.addWheel(along, side);
    }
    this.root.traverse((part) => {
      part.castShadow = part.receiveShadow = true;
    });
  }

  /** Puts it on the floor; `distance` turns the wheels. */
  place(x: number, z: number, heading: number, distance = 0): void {
    this.root.position.set(x, 0, z);
    this.root.rotation.y = heading;
    for (const wheel of this.wheels) wheel.rotation.z = -distance / this.radius;
    this.root.updateMatrixWorld(true);
  }

  private addBody(
    { nose, tail, belt, hood, deck, cabin, wheel }: (typeof KINDS)['sedan'],
    low: number,
    paint: Material,
  ): void {
    const body = new Shape();
    body.moveTo(tail + 0.05, low);
    arch(body, tail + 0.88, low, wheel + 0.07);
    arch(body, nose - 0.88, low, wheel + 0.07);
    body.lineTo(nose - 0.03, low);
    body.quadraticCurveTo(nose + 0.04, (low + hood) / 2, nose - 0.06, hood - 0.06);
    body.quadraticCurveTo(nose - 0.25, hood, cabin[0]![0], belt);
    body.lineTo(cabin[3]![0], belt + 0.02);
    body.quadraticCurveTo(tail + 0.1, deck, tail + 0.03, deck - 0.08);
    body.quadraticCurveTo(tail - 0.05, (low + deck) / 2, tail + 0.05, low);
    this.shell.add(new Mesh(extrude(body, HALF_WIDTH, 0.05), paint));
  }

  private addCabin(cabin: Outline, belt: number, paint: Material): void {
    const [frontLow, frontTop, rearTop, rearLow] = cabin as readonly [
      Outline[0],
      Outline[0],
      Outline[0],
      Outline[0],
    ];
    this.shell.add(new Mesh(taper(extrude(polygon(cabin), HALF_WIDTH - 0.12, 0.06), belt), paint));
    const pillar = frontTop[0] - (frontTop[0] - rearTop[0]) * 0.45;
    const top = frontTop[1] - 0.06;
    const sill = belt + 0.04;
    const front: Outline = [
      [frontLow[0] - 0.2, sill],
      [frontTop[0] - 0.02, top],
      [pillar + 0.04, top + 0.01],
      [pillar + 0.04, sill],
    ];
    const rear: Outline = [
      [pillar - 0.04, sill],
      [pillar - 0.04, top + 0.01],
      [rearTop[0] + 0.04, rearTop[1] - 0.07],
      [rearLow[0] + 0.28, sill],
    ];
    for (const window of [front, rear])
      this.shell.add(new Mesh(taper(extrude(polygon(window), HALF_WIDTH - 0.045, 0.012), belt), GLASS));
    for (const [low, high] of [
      [frontLow, frontTop],
      [rearLow, rearTop],
    ] as const) {
      const [dx, dy] = [high[0] - low[0], high[1] - low[1]];
      const pane = new Mesh(new BoxGeometry(Math.hypot(dx, dy) * 0.82, 0.02, 1.3), GLASS);
      const out = Math.sign(low[0]);
      pane.position.set((low[0] + high[0]) / 2 + out * 0.055, (low[1] + high[1]) / 2 + 0.05, 0);
      pane.rotation.z = Math.atan2(dy, dx);
      this.shell.add(pane);
    }
  }

  private addWheel(along: number, side: number): void {
    const wheel = new Group();
    wheel.position.set(along, this.radius, side * (HALF_WIDTH - 0.06));
    const tyre = new Mesh(new CylinderGeometry(this.radius, this.radius, 0.22, 28), RUBBER);
    const rim = new Mesh(new CylinderGeometry(this.radius * 0.66, this.radius * 0.66, 0.235, 20), RIM);
    tyre.rotation.x = rim.rotation.x = Math.PI / 2;
    wheel.add(tyre, rim);
    for (let spoke = 0; spoke < 5; spoke++) {
      const gap = new Mesh(new BoxGeometry(this.radius * 0.22, this.radius * 0.3, 0.245), TRIM);
      gap.position.set(
        Math.cos(spoke * 1.2566) * this.radius * 0.42,
        Math.sin(spoke * 1.2566) * this.radius * 0.42,
        0,
      );
      gap.rotation.z = spoke * 1.2566;
      wheel.add(gap);
    }
    this.wheels.push(wheel);
    this.shell.add(wheel);
  }

  private addBox(
    material: Material,
    size: readonly [number, number, number],
    at: readonly [number, number, number],
  ): void {
    const box = new Mesh(new BoxGeometry(...size), material);
    box.position.set(...at);
    this.shell.add(box);
  }
}

function arch(shape: Shape, along: number, low: number, radius: number): void {
  shape.lineTo(along - radius, low);
  shape.absarc(along, low + 0.05, radius, Math.PI, 0, true);
  shape.lineTo(along + radius, low);
}

function polygon(points: Outline): Shape {
  const shape = new Shape();
  for (const [index, [along, up]] of points.entries()) {
    if (index === 0) shape.moveTo(along, up);
    else shape.lineTo(along, up);
  }
  shape.closePath();
  return shape;
}

function extrude(shape: Shape, halfWidth: number, bevel: number): BufferGeometry {
  const geometry = new ExtrudeGeometry(shape, {
    depth: 2 * halfWidth,
    bevelSize: bevel,
    bevelThickness: bevel,
    bevelSegments: 3,
    curveSegments: 12,
  });
  return geometry.translate(0, 0, -halfWidth);
}

/** Cabins are narrower at the top. */
function taper(geometry: BufferGeometry, from: number): BufferGeometry {
  const position = geometry.getAttribute('position');
  for (let index = 0; index < position.count; index++) {
    const above = Math.max(0, position.getY(index) - from);
    position.setZ(index, position.getZ(index) * (1 - 0.32 * above));
  }
  geometry.computeVertexNormals();
  return geometry;
}
