/** The assignment problem: which row goes with which column at the least total cost. Pure. */

/**
 * Least-cost assignment of rows to columns (Hungarian method with potentials; Kuhn 1955, Jonker and Volgenant 1987), O(n²m).
 * `cost[row][column]` is finite; a pair that costs `limit` or more is never made: leaving both alone costs as much.
 * Returns the column of each row, or -1.
 */
export function assign(cost: readonly (readonly number[])[], limit: number): number[] {
  const rows = cost.length;
  const columns = cost[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return new Array<number>(rows).fill(-1);
  if (rows > columns) {
    const turned = assign(transpose(cost), limit);
    const result = new Array<number>(rows).fill(-1);
    for (const [column, row] of turned.entries()) if (row >= 0) result[row] = column;
    return result;
  }
  const rowOfColumn = solve(cost, limit, rows, columns);
  const result = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column++) {
    const row = rowOfColumn[column]!;
    if (row > 0 && cost[row - 1]![column - 1]! < limit) result[row - 1] = column - 1;
  }
  return result;
}

/** Shortest augmenting paths, one row at a time; index 0 stands for "none". Needs rows <= columns. */
function solve(cost: readonly (readonly number[])[], limit: number, rows: number, columns: number): number[] {
  const rowPotential = new Array<number>(rows + 1).fill(0);
  const columnPotential = new Array<number>(columns + 1).fill(0);
  const rowOfColumn = new Array<number>(columns + 1).fill(0);
  const previous = new Array<number>(columns + 1).fill(0);
  for (let row = 1; row <= rows; row++) {
    rowOfColumn[0] = row;
    let column = 0;
    const least = new Array<number>(columns + 1).fill(Number.POSITIVE_INFINITY);
    const visited = new Array<boolean>(columns + 1).fill(false);
    do {
      visited[column] = true;
      const current = rowOfColumn[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (visited[j]) continue;
        const reduced =
          Math.min(cost[current - 1]![j - 1]!, limit) - rowPotential[current]! - columnPotential[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          previous[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (visited[j]) {
          rowPotential[rowOfColumn[j]!]! += delta;
          columnPotential[j]! -= delta;
        } else {
          least[j]! -= delta;
        }
      }
      column = next;
    } while (rowOfColumn[column] !== 0);
    while (column !== 0) {
      const before = previous[column]!;
      rowOfColumn[column] = rowOfColumn[before]!;
      column = before;
    }
  }
  return rowOfColumn;
}

function transpose(cost: readonly (readonly number[])[]): number[][] {
  return cost[0]!.map((_, column) => cost.map((row) => row[column]!));
}
