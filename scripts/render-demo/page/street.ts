/** What is seen through the entrance's glass: a street. */
import {
  BoxGeometry,
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  PlaneGeometry,
  SphereGeometry,
} from 'three';
import { asphalt, brick, createRandom, tiles } from './materials.ts';

/** Pavement, road, hedge and the house across; `add` puts a mesh into the scene. */
export function buildStreet(add: (mesh: Mesh) => void): void {
  const ground = new Mesh(new PlaneGeometry(60, 26), asphalt(5, [14, 6]));
  ground.rotation.x = -Math.PI / 2;
  ground.position.set(0, -0.02, -13);
  add(ground);
  const pavement = new Mesh(new BoxGeometry(60, 0.04, 5.4), tiles('#8f8c86', '#6f6c67', 9, [16, 1.6]));
  pavement.position.set(0, -0.02, -2.7);
  add(pavement);
  const facade = new Mesh(new BoxGeometry(60, 12, 1), brick());
  facade.position.set(0, 6, -19);
  add(facade);
  const window = new MeshStandardMaterial({ color: '#40505c', roughness: 0.15, metalness: 0.6 });
  for (let x = -18; x <= 18; x += 3.6) {
    const pane = new Mesh(new BoxGeometry(1.7, 2.2, 0.1), window);
    pane.position.set(x, 2.6, -18.45);
    add(pane);
  }
  const random = createRandom(3);
  const leaves = new MeshLambertMaterial({ color: '#4a6b3a' });
  for (let x = -12; x <= 12; x += 1.1) {
    const bush = new Mesh(new SphereGeometry(0.6 + random() * 0.4, 9, 7), leaves);
    bush.position.set(x + random(), 0.35, -11 - random());
    add(bush);
  }
}
