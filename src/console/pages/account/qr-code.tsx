import { useEffect, useState } from 'react';
import { qrPath } from './qr-path.ts';

/** A text as a QR code for a telephone’s camera. It is drawn in the page: what stands in it is sent to nobody. */
export function QrCode({ value, label }: { value: string; label: string }) {
  const [drawn, draw] = useState<{ size: number; path: string }>();
  useEffect(() => {
    let isGone = false;
    import('uqr')
      .then(({ encode }) => {
        // ISO/IEC 18004: a quiet zone of four squares around it.
        const { size, data } = encode(value, { ecc: 'M', border: 4 });
        if (!isGone) draw({ size, path: qrPath(data) });
      })
      // The key stands beside it and can be typed.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [value]);
  if (drawn === undefined) return null;
  const { size, path } = drawn;
  return (
    <svg role="img" aria-label={label} width={212} height={212} viewBox={`0 0 ${size} ${size}`}>
      {/* Dark on light in every colour scheme: cameras read nothing else for sure. */}
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
