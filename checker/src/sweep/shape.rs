//! Small labelled graphs, each once: two that differ in the numbers of their vertices alone are one.

/// Most vertices of a shape.
pub const VERTICES_MAX: usize = 5;

/// An acyclic connected graph whose vertices and edges bear letters, which are numbers from 0. What a letter means is
/// left to the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    vertices: usize,
    letters: [u8; VERTICES_MAX],
    /// One more than the letter of the edge from a vertex to a later one; 0: there is no edge.
    edges: [[u8; VERTICES_MAX]; VERTICES_MAX],
}

/// How many letters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letters {
    /// For vertices, at least one.
    pub vertex: u8,
    /// For edges, less than 255.
    pub edge: u8,
}

impl Shape {
    /// The letter of every vertex, in topological order.
    pub fn vertices(&self) -> &[u8] {
        &self.letters[..self.vertices]
    }

    /// Every edge, as from, to and letter; by the vertex that it begins in, then by the one that it ends in.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize, u8)> + '_ {
        let pairs = pairs(self.vertices).map(|(from, to)| (from, to, self.edges[from][to]));
        pairs.filter(|&(_, _, mark)| mark > 0).map(|(from, to, mark)| (from, to, mark - 1))
    }

    /// Whether there is a way between any two vertices, if edges are gone along both ways.
    fn is_connected(&self) -> bool {
        let mut reached = 1_u32;
        for _ in 1..self.vertices {
            for (from, to, _) in self.edges() {
                if reached >> from & 1 != reached >> to & 1 {
                    reached |= 1 << from | 1 << to;
                }
            }
        }
        reached.count_ones() as usize == self.vertices
    }

    /// Whether no other order of the vertices in which edges still go forward reads smaller: of all that are the same
    /// but for the numbers of their vertices, that is so of exactly one.
    fn is_canonical(&self, orders: &[[usize; VERTICES_MAX]]) -> bool {
        orders.iter().all(|order| !self.reads_smaller_in(order))
    }

    fn reads_smaller_in(&self, order: &[usize; VERTICES_MAX]) -> bool {
        let backward =
            |&(i, j): &(usize, usize)| order[i] > order[j] && self.edges[order[j]][order[i]] > 0;
        if pairs(self.vertices).any(|pair| backward(&pair)) {
            return false;
        }
        let mark = |i: usize, j: usize| self.edges[order[i]][order[j]];
        let reordered = (0..self.vertices).map(|k| self.letters[order[k]]);
        let reordered = reordered.chain(pairs(self.vertices).map(|(i, j)| mark(i, j)));
        let own = self.vertices().iter().copied();
        let own = own.chain(pairs(self.vertices).map(|(i, j)| self.edges[i][j]));
        reordered.lt(own)
    }

    /// Moves on to the next graph, connected or not; false after the last one.
    fn advance(&mut self, letters: Letters) -> bool {
        for k in 0..self.vertices {
            self.letters[k] += 1;
            if self.letters[k] < letters.vertex {
                return true;
            }
            self.letters[k] = 0;
        }
        for (from, to) in pairs(self.vertices) {
            self.edges[from][to] += 1;
            if self.edges[from][to] <= letters.edge {
                return true;
            }
            self.edges[from][to] = 0;
        }
        false
    }
}

/// Every pair of a vertex and a later one.
fn pairs(vertices: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..vertices).flat_map(move |from| (from + 1..vertices).map(move |to| (from, to)))
}

/// Every connected acyclic graph of so many vertices, each once; few edges come first.
pub struct Shapes {
    next: Option<Shape>,
    letters: Letters,
    orders: Vec<[usize; VERTICES_MAX]>,
}

impl Shapes {
    /// Those of `vertices` vertices, at least one and at most [`VERTICES_MAX`].
    pub fn of(vertices: usize, letters: Letters) -> Self {
        assert!((1..=VERTICES_MAX).contains(&vertices), "{vertices} vertices");
        let first = Shape {
            vertices,
            letters: [0; VERTICES_MAX],
            edges: [[0; VERTICES_MAX]; VERTICES_MAX],
        };
        let mut orders = Vec::new();
        orders_of(vertices, &mut [0; VERTICES_MAX], 0, &mut orders);
        // The first one changes nothing.
        orders.remove(0);
        Shapes { next: Some(first), letters, orders }
    }
}

/// All orders of so many vertices whose first `fixed` are given, from the one that changes nothing on.
fn orders_of(
    vertices: usize,
    order: &mut [usize; VERTICES_MAX],
    fixed: usize,
    orders: &mut Vec<[usize; VERTICES_MAX]>,
) {
    if fixed == vertices {
        orders.push(*order);
        return;
    }
    for vertex in 0..vertices {
        if !order[..fixed].contains(&vertex) {
            order[fixed] = vertex;
            orders_of(vertices, order, fixed + 1, orders);
        }
    }
}

impl Iterator for Shapes {
    type Item = Shape;

    fn next(&mut self) -> Option<Shape> {
        loop {
            let shape = self.next?;
            let mut after = shape;
            self.next = after.advance(self.letters).then_some(after);
            if shape.is_connected() && shape.is_canonical(&self.orders) {
                return Some(shape);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A graph as a matrix, edges in any direction: letters of vertices, then rows of marks.
    type Matrix = (Vec<u8>, Vec<Vec<u8>>);

    fn permutations(of: usize) -> Vec<Vec<usize>> {
        if of == 0 {
            return vec![Vec::new()];
        }
        let shorter = permutations(of - 1);
        let insert = |at: usize| {
            shorter.iter().map(move |order| {
                let mut order = order.clone();
                order.insert(at, of - 1);
                order
            })
        };
        (0..of).flat_map(insert).collect()
    }

    fn is_acyclic((_, marks): &Matrix) -> bool {
        let mut left: BTreeSet<usize> = (0..marks.len()).collect();
        while let Some(&source) = left.iter().find(|&&to| left.iter().all(|&v| marks[v][to] == 0)) {
            left.remove(&source);
        }
        left.is_empty()
    }

    fn is_connected((_, marks): &Matrix) -> bool {
        let mut reached = BTreeSet::from([0]);
        loop {
            let joined = |v: usize| reached.iter().any(|&r| marks[r][v] > 0 || marks[v][r] > 0);
            let more: Vec<usize> =
                (0..marks.len()).filter(|&v| !reached.contains(&v) && joined(v)).collect();
            if more.is_empty() {
                return reached.len() == marks.len();
            }
            reached.extend(more);
        }
    }

    fn smallest_image((letters, marks): &Matrix) -> Matrix {
        let images = permutations(letters.len()).into_iter().map(|order| {
            let row = |&v: &usize| order.iter().map(|&w| marks[v][w]).collect();
            (order.iter().map(|&v| letters[v]).collect(), order.iter().map(row).collect())
        });
        images.min().unwrap()
    }

    /// All graphs, by writing every matrix down and keeping one of those that are the same.
    fn by_brute_force(vertices: usize, letters: Letters) -> BTreeSet<Matrix> {
        let cells = vertices * vertices;
        let radix = |digit: usize| match digit {
            digit if digit < vertices => u64::from(letters.vertex),
            digit if (digit - vertices) % vertices == (digit - vertices) / vertices => 1,
            _ => u64::from(letters.edge) + 1,
        };
        let all: u64 = (0..vertices + cells).map(radix).product();
        let mut found = BTreeSet::new();
        for number in 0..all {
            let mut rest = number;
            let digits: Vec<u8> = (0..vertices + cells)
                .map(|digit| {
                    let value = (rest % radix(digit)) as u8;
                    rest /= radix(digit);
                    value
                })
                .collect();
            let (of_vertices, of_edges) = digits.split_at(vertices);
            let matrix =
                (of_vertices.to_vec(), of_edges.chunks(vertices).map(<[u8]>::to_vec).collect());
            if is_acyclic(&matrix) && is_connected(&matrix) {
                found.insert(smallest_image(&matrix));
            }
        }
        found
    }

    fn matrix(shape: &Shape) -> Matrix {
        let mut marks = vec![vec![0; shape.vertices().len()]; shape.vertices().len()];
        shape.edges().for_each(|(from, to, letter)| marks[from][to] = letter + 1);
        (shape.vertices().to_vec(), marks)
    }

    #[test]
    fn every_graph_comes_once_and_no_other_does() {
        for (vertices, vertex, edge) in
            [(1, 4, 3), (2, 4, 6), (3, 1, 1), (3, 2, 2), (3, 4, 2), (3, 1, 6), (4, 1, 1)]
        {
            let letters = Letters { vertex, edge };
            let shapes: Vec<Shape> = Shapes::of(vertices, letters).collect();
            let images: BTreeSet<Matrix> =
                shapes.iter().map(|shape| smallest_image(&matrix(shape))).collect();
            assert_eq!(images.len(), shapes.len(), "{vertices} {letters:?}: one came twice");
            assert_eq!(images, by_brute_force(vertices, letters), "{vertices} {letters:?}");
        }
    }

    #[test]
    fn there_are_as_many_as_the_literature_says() {
        // Weakly connected acyclic digraphs, sequence A101228 of the OEIS.
        let of = |vertices| Shapes::of(vertices, Letters { vertex: 1, edge: 1 }).count();
        assert_eq!([1, 2, 3, 4, 5].map(of), [1, 1, 4, 24, 267]);
    }
}
