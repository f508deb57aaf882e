/** The parts of a figure: torso, head, limbs and luggage of lathed shapes, on the joints that `figure.ts` moves. Metres. */
import {
  BoxGeometry,
  CapsuleGeometry,
  Group,
  LatheGeometry,
  type Material,
  Mesh,
  MeshLambertMaterial,
  SphereGeometry,
  Vector2,
} from 'three';
import { cloth } from './materials.ts';

export interface FigureLook {
  seed: number;
  heightMetres: number;
  /** 1 is average. */
  girth: number;
  skin: string;
  hair: { colour: string; style: 'short' | 'long' | 'bald' | 'cap' };
  top: { colour: string; pattern?: 'plain' | 'stripes'; kind: 'shirt' | 'jacket' | 'coat' };
  trousers: { colour: string; denim?: boolean };
  shoes: string;
  carries?: 'backpack' | 'bag';
}

export interface Leg {
  thigh: Group;
  shin: Group;
  foot: Group;
}

export interface Arm {
  upper: Group;
  fore: Group;
}

export function buildTorso(
  look: FigureLook,
  hips: Group,
  chest: Group,
  top: Material,
  trousers: Material,
): void {
  const { girth, top: clothes } = look;
  const belly = girth > 1.1 ? 0.035 : 0;
  const loose = clothes.kind === 'shirt' ? 0 : 0.02;
  const profile: Array<[number, number]> = [
    [0.02, -0.05],
    [0.155 + loose, -0.04],
    [0.16 + loose, 0.04],
    [0.148 + belly + loose, 0.16],
    [0.16 + belly * 0.7 + loose, 0.28],
    [0.178 + loose, 0.4],
    [0.165 + loose, 0.48],
    [0.1, 0.535],
    [0.058, 0.56],
  ];
  const torso = lathe(profile, top, 20);
  torso.scale.set(girth * 1.08, 1, girth * 0.66);
  chest.add(torso);
  const pelvis = lathe(
    [
      [0.01, -0.12],
      [0.1, -0.1],
      [0.155, -0.02],
      [0.15, 0.06],
    ],
    trousers,
    18,
  );
  pelvis.scale.set(girth * 1.08, 1, girth * 0.7);
  hips.add(pelvis);
  if (clothes.kind === 'coat') {
    const skirt = lathe(
      [
        [0.215, -0.42],
        [0.21, -0.3],
        [0.18, -0.05],
        [0.165, 0.05],
      ],
      top,
      20,
    );
    skirt.scale.set(girth, 1, girth * 0.78);
    hips.add(skirt);
  }
  if (clothes.kind !== 'shirt') {
    const collar = lathe(
      [
        [0.085, 0.5],
        [0.08, 0.57],
        [0.062, 0.585],
      ],
      top,
      14,
    );
    collar.scale.z = 0.95;
    const shirt = new Mesh(new BoxGeometry(0.07, 0.22, 0.02), new MeshLambertMaterial({ color: '#e8e6e0' }));
    shirt.position.set(0, 0.4, 0.118 * girth + 0.004);
    shirt.rotation.x = -0.12;
    chest.add(collar, shirt);
  }
}

export function buildHead(look: FigureLook, chest: Group, head: Group, skin: Material): void {
  const { hair } = look;
  const neck = lathe(
    [
      [0.055, 0.52],
      [0.05, 0.58],
      [0.052, 0.64],
    ],
    skin,
    12,
  );
  chest.add(neck, head);
  head.position.y = 0.715;
  const skull = new Mesh(new SphereGeometry(0.1, 20, 16), skin);
  skull.scale.set(0.78, 1.16, 0.96);
  const jaw = new Mesh(new SphereGeometry(0.066, 14, 12), skin);
  jaw.position.set(0, -0.06, 0.022);
  const nose = new Mesh(new SphereGeometry(0.016, 8, 6), skin);
  nose.position.set(0, -0.012, 0.1);
  nose.scale.set(0.8, 1.5, 1);
  head.add(skull, jaw, nose);
  const dark = new MeshLambertMaterial({ color: '#2a1c16' });
  for (const side of [-1, 1]) {
    const eye = new Mesh(new SphereGeometry(0.012, 8, 6), dark);
    eye.position.set(side * 0.032, 0.012, 0.086);
    eye.scale.set(1.5, 0.8, 0.6);
    const brow = new Mesh(new BoxGeometry(0.03, 0.006, 0.01), dark);
    brow.position.set(side * 0.033, 0.034, 0.09);
    const ear = new Mesh(new SphereGeometry(0.02, 8, 6), skin);
    ear.position.set(side * 0.078, -0.005, 0);
    ear.scale.set(0.5, 1.2, 0.8);
    head.add(eye, brow, ear);
  }
  const mouth = new Mesh(new BoxGeometry(0.042, 0.008, 0.01), new MeshLambertMaterial({ color: '#8a4a44' }));
  mouth.position.set(0, -0.066, 0.084);
  head.add(mouth);
  if (hair.style === 'bald') return;
  const covering = new MeshLambertMaterial({
    color: hair.colour,
  });
  const crown = new Mesh(new SphereGeometry(0.107, 20, 12, 0, Math.PI * 2, 0, Math.PI * 0.5), covering);
  crown.scale.set(0.82, 1.16, 1);
  crown.rotation.x = -0.38;
  crown.position.set(0, 0.012, -0.008);
  head.add(crown);
  const back = new Mesh(new SphereGeometry(0.1, 16, 12), covering);
  back.scale.set(0.82, hair.style === 'long' ? 1.75 : 0.9, 0.7);
  back.position.set(0, hair.style === 'long' ? -0.075 : -0.005, -0.042);
  head.add(back);
  if (hair.style === 'cap') {
    const peak = new Mesh(new BoxGeometry(0.13, 0.012, 0.09), covering);
    peak.position.set(0, 0.045, 0.125);
    peak.rotation.x = 0.15;
    head.add(peak);
  }
}

export function buildLeg(
  look: FigureLook,
  hips: Group,
  side: -1 | 1,
  trousers: Material,
  shoes: Material,
): Leg {
  const { girth } = look;
  const thigh = new Group();
  thigh.position.set(side * 0.092 * girth, -0.03, 0);
  thigh.add(
    limb(
      [
        [0.06, -0.47],
        [0.068, -0.43],
        [0.078, -0.25],
        [0.092 * girth, -0.08],
        [0.088 * girth, 0.02],
        [0.03, 0.06],
      ],
      trousers,
    ),
  );
  const shin = new Group();
  shin.position.y = -0.43;
  shin.add(
    limb(
      [
        [0.05, -0.41],
        [0.052, -0.38],
        [0.06, -0.2],
        [0.065, -0.08],
        [0.064, 0.0],
        [0.04, 0.05],
      ],
      trousers,
    ),
  );
  const foot = new Group();
  foot.position.y = -0.4;
  const shoe = new Mesh(new CapsuleGeometry(0.045, 0.17, 6, 12), shoes);
  shoe.rotation.x = Math.PI / 2;
  shoe.position.set(0, -0.04, 0.055);
  shoe.scale.set(1.02, 1, 0.85);
  const ankle = new Mesh(new SphereGeometry(0.05, 10, 8), shoes);
  ankle.position.set(0, -0.01, -0.01);
  foot.add(shoe, ankle);
  shin.add(foot);
  thigh.add(shin);
  hips.add(thigh);
  return { thigh, shin, foot };
}

export function buildArm(look: FigureLook, chest: Group, side: -1 | 1, top: Material, skin: Material): Arm {
  const { girth } = look;
  const upper = new Group();
  upper.position.set(side * (0.185 * girth + 0.02), 0.465, 0);
  upper.rotation.z = side * 0.1;
  upper.add(
    limb(
      [
        [0.04, -0.33],
        [0.046, -0.28],
        [0.052 * girth, -0.12],
        [0.062 * girth, -0.02],
        [0.05, 0.045],
        [0.01, 0.065],
      ],
      top,
    ),
  );
  const fore = new Group();
  fore.position.y = -0.3;
  const bare = look.top.kind === 'shirt' && look.seed % 2 === 0;
  fore.add(
    limb(
      [
        [0.03, -0.26],
        [0.034, -0.22],
        [0.043, -0.06],
        [0.043, 0.01],
        [0.02, 0.04],
      ],
      bare ? skin : top,
    ),
  );
  const hand = new Mesh(new SphereGeometry(0.045, 10, 8), skin);
  hand.scale.set(0.6, 1.45, 0.9);
  hand.position.y = -0.31;
  fore.add(hand);
  upper.add(fore);
  chest.add(upper);
  return { upper, fore };
}

export function buildLuggage(look: FigureLook, chest: Group, kind: 'backpack' | 'bag'): void {
  const material = cloth(kind === 'backpack' ? '#2c3440' : '#4a2f22', look.seed + 9);
  if (kind === 'backpack') {
    const pack = new Mesh(new CapsuleGeometry(0.13, 0.2, 6, 12), material);
    pack.scale.set(1, 1, 0.6);
    pack.position.set(0, 0.3, -0.17 * look.girth);
    chest.add(pack);
    return;
  }
  const bag = new Mesh(new BoxGeometry(0.07, 0.24, 0.32), material);
  bag.position.set(-0.27 * look.girth, -0.02, 0);
  chest.add(bag);
}

function lathe(
  profile: ReadonlyArray<readonly [number, number]>,
  material: Material,
  segments: number,
): Mesh {
  return new Mesh(new LatheGeometry(smooth(profile), segments), material);
}

function limb(profile: ReadonlyArray<readonly [number, number]>, material: Material): Mesh {
  return lathe(
    [[0.001, profile[0]![1] - 0.015], ...profile, [0.001, profile.at(-1)![1] + 0.012]],
    material,
    14,
  );
}

function smooth(profile: ReadonlyArray<readonly [number, number]>): Vector2[] {
  return profile.map(([radius, y]) => new Vector2(radius, y));
}
