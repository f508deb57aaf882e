/** The mark: a threshold crossed. The same drawing as `resources/icon.svg`, in the colours of the theme. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" fill="none" role="img" aria-label="Threshold">
      <g strokeLinecap="round" strokeLinejoin="round" strokeWidth="6">
        <path d="M18 50V18a4 4 0 0 1 4-4h20a4 4 0 0 1 4 4v32" stroke="currentColor" />
        <path d="M6 50h52M32 24v16m-7.5-6.5 7.5 7.5 7.5-7.5" stroke="var(--accent)" />
      </g>
    </svg>
  );
}
