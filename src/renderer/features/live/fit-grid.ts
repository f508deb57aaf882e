/** Lays pictures of given shapes into an area so that they are as large as can be, in order, whole and without black bars. Pure. */

export interface GridArea {
  width: number;
  height: number;
  /** Between pictures, in the area's unit. */
  gap: number;
}

export interface GridRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GridLayout {
  rects: GridRect[];
  /** Height that is used; larger than the area's when it has to be scrolled. */
  height: number;
}

/** Smaller pictures show nothing: the area is scrolled instead. */
const LEAST_WIDTH = 200;

/** `aspects` are width ÷ height, one per picture. */
export function fitGrid(aspects: readonly number[], area: GridArea): GridLayout {
  if (aspects.length === 0 || area.width <= 0 || area.height <= 0) return { rects: [], height: 0 };
  let best: { rows: number[][]; covered: number } | null = null;
  for (let count = 1; count <= aspects.length; count++) {
    const rows = splitIntoRows(aspects, count);
    const covered = coveredArea(rows, area);
    if (!best || covered > best.covered) best = { rows, covered };
  }
  const scrolled = placeScrolled(aspects, area);
  const fitted = placeRows(best!.rows, area);
  const narrowest = Math.min(...fitted.rects.map((rect) => rect.width));
  return narrowest < Math.min(LEAST_WIDTH, area.width / 2) ? scrolled : fitted;
}

/** One picture below the other over the whole width, for phones. */
export function stackColumn(aspects: readonly number[], width: number, gap: number): GridLayout {
  let y = 0;
  const rects = aspects.map((aspect) => {
    const rect = { x: 0, y, width, height: width / aspect };
    y += rect.height + gap;
    return rect;
  });
  return { rects, height: Math.max(0, y - gap) };
}

/** Ordered pictures in `count` rows of about the same sum of aspects, so that the rows are about equally high. */
function splitIntoRows(aspects: readonly number[], count: number): number[][] {
  const total = aspects.reduce((sum, aspect) => sum + aspect, 0);
  const rows: number[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const [index, aspect] of aspects.entries()) {
    const row = Math.min(count - 1, Math.floor(((before + aspect / 2) / total) * count + 1e-9));
    rows[row]!.push(aspects[index]!);
    before += aspect;
  }
  return rows.filter((row) => row.length > 0);
}

/** Row heights at the area's full width. */
function naturalHeights(rows: readonly number[][], { width, gap }: GridArea): number[] {
  return rows.map((row) => (width - gap * (row.length - 1)) / row.reduce((sum, aspect) => sum + aspect, 0));
}

function coveredArea(rows: readonly number[][], area: GridArea): number {
  return placeRows(rows, area).rects.reduce((sum, { width, height }) => sum + width * height, 0);
}

/** Each picture whole, in its own shape; what is left of the area stays empty around them. */
function placeRows(rows: readonly number[][], area: GridArea): GridLayout {
  const { width, height, gap } = area;
  const heights = naturalHeights(rows, area);
  const gaps = gap * (rows.length - 1);
  const natural = heights.reduce((sum, one) => sum + one, 0);
  const scale = Math.min(1, (height - gaps) / natural);
  let y = 0;
  const rects: GridRect[] = [];
  for (const [index, row] of rows.entries()) {
    const rowHeight = heights[index]! * scale;
    const widths = row.map((aspect) => aspect * rowHeight);
    let x = (width - widths.reduce((sum, one) => sum + one, 0) - gap * (row.length - 1)) / 2;
    for (const one of widths) {
      rects.push({ x, y, width: one, height: rowHeight });
      x += one + gap;
    }
    y += rowHeight + gap;
  }
  return { rects, height };
}

/** Equal columns of the least width that shows something. */
function placeScrolled(aspects: readonly number[], { width, gap }: GridArea): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (LEAST_WIDTH + gap)));
  const cell = (width - gap * (columns - 1)) / columns;
  const rowHeight = cell / median(aspects);
  const rects = aspects.map((_, index) => ({
    x: (index % columns) * (cell + gap),
    y: Math.floor(index / columns) * (rowHeight + gap),
    width: cell,
    height: rowHeight,
  }));
  return { rects, height: Math.ceil(aspects.length / columns) * (rowHeight + gap) - gap };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
