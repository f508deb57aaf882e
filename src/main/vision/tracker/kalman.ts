/** A Kalman filter for one coordinate that moves at a nearly constant speed. Pure; times in seconds. */

/** Estimate of position and velocity with its covariance. */
export interface Motion {
  position: number;
  velocity: number;
  /** Variance of the position, covariance, variance of the velocity. */
  pp: number;
  pv: number;
  vv: number;
}

/** A standing start at a measured position: `sigma` of the measurement, `speedSigma` of the unknown speed. */
export function startMotion(position: number, sigma: number, speedSigma: number): Motion {
  return { position, velocity: 0, pp: sigma * sigma, pv: 0, vv: speedSigma * speedSigma };
}

/** The estimate `seconds` later, disturbed by white noise acceleration of `accelerationSigma` (Bar-Shalom 2001, 6.2.2). */
export function predictMotion(m: Motion, seconds: number, accelerationSigma: number): Motion {
  const q = accelerationSigma * accelerationSigma;
  const t2 = seconds * seconds;
  return {
    position: m.position + m.velocity * seconds,
    velocity: m.velocity,
    pp: m.pp + 2 * seconds * m.pv + t2 * m.vv + (q * t2 * t2) / 4,
    pv: m.pv + seconds * m.vv + (q * t2 * seconds) / 2,
    vv: m.vv + q * t2,
  };
}

/** The estimate after a measurement with standard deviation `sigma`. */
export function correctMotion(m: Motion, measured: number, sigma: number): Motion {
  const innovation = measured - m.position;
  const variance = m.pp + sigma * sigma;
  const gainPosition = m.pp / variance;
  const gainVelocity = m.pv / variance;
  return {
    position: m.position + gainPosition * innovation,
    velocity: m.velocity + gainVelocity * innovation,
    pp: (1 - gainPosition) * m.pp,
    pv: (1 - gainPosition) * m.pv,
    vv: m.vv - gainVelocity * m.pv,
  };
}
