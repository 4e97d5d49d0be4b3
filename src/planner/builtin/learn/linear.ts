import { createRandom } from '../../../domain/random.ts';
/** `allowed` are the labels that this sample may have; the right one is among them. */
export type Sample = { features: Int32Array; label: number; allowed: Int32Array };
export type LinearModel = { probabilities(features: Int32Array, allowed: Int32Array): Float64Array };

/**
 * Multinomial logistic regression by stochastic gradient descent with per-weight rates (AdaGrad).
 * Deterministic: the same samples give the same model.
 */
export function trainLinear(
  samples: readonly Sample[],
  size: { features: number; labels: number },
  options: { epochs: number; rate: number },
): LinearModel {
  const { labels } = size;
  const weights = new Float32Array(size.features * labels);
  const squares = new Float32Array(size.features * labels).fill(0.02);
  const order = samples.map((_, index) => index);
  const scratch = new Float64Array(labels);
  const wrong = new Int32Array(labels);
  const random = createRandom(20240607);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random);
    for (const index of order)
      learnOne(samples[index] as Sample, weights, squares, labels, options.rate, scratch, wrong);
  }
  return {
    probabilities: (features, allowed) =>
      softmax(features, allowed, weights, labels, new Float64Array(allowed.length)),
  };
}

/** Smaller corrections are not worth their time. */
const smallest = 0.01;

function learnOne(
  sample: Sample,
  weights: Float32Array,
  squares: Float32Array,
  labels: number,
  rate: number,
  scratch: Float64Array,
  wrong: Int32Array,
): void {
  const { features, allowed, label } = sample;
  const chances = softmax(features, allowed, weights, labels, scratch);
  let active = 0;
  for (let place = 0; place < allowed.length; place += 1) {
    const candidate = allowed[place] as number;
    const gradient = (chances[place] as number) - (candidate === label ? 1 : 0);
    if (gradient < smallest && gradient > -smallest) continue;
    wrong[active] = candidate;
    chances[active] = gradient;
    active += 1;
  }
  for (let at = 0; at < features.length; at += 1) {
    const base = (features[at] as number) * labels;
    for (let place = 0; place < active; place += 1) {
      const index = base + (wrong[place] as number);
      const gradient = chances[place] as number;
      const sum = (squares[index] as number) + gradient * gradient;
      squares[index] = sum;
      weights[index] = (weights[index] as number) - (rate * gradient) / Math.sqrt(sum);
    }
  }
}

function softmax(
  features: Int32Array,
  allowed: Int32Array,
  weights: Float32Array,
  labels: number,
  scores: Float64Array,
): Float64Array {
  const count = allowed.length;
  scores.fill(0);
  for (let at = 0; at < features.length; at += 1) {
    const base = (features[at] as number) * labels;
    for (let place = 0; place < count; place += 1)
      scores[place] = (scores[place] as number) + (weights[base + (allowed[place] as number)] as number);
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < count; place += 1)
    if ((scores[place] as number) > highest) highest = scores[place] as number;
  let total = 0;
  for (let place = 0; place < count; place += 1) {
    const power = Math.exp((scores[place] as number) - highest);
    scores[place] = power;
    total += power;
  }
  for (let place = 0; place < count; place += 1) scores[place] = (scores[place] as number) / total;
  return scores;
}

function shuffle(order: number[], random: () => number): void {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const held = order[index] as number;
    order[index] = order[other] as number;
    order[other] = held;
  }
}
