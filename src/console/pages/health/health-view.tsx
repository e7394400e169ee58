import { SegmentedControl, Select, Stack } from '@mantine/core';
import { exchangeKinds, type windowMs } from '../../../../contracts/health.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { HealthFigures } from './figures.tsx';
import { PartnerChip } from './partner-chip.tsx';
import { PartnerTable } from './partner-table.tsx';
import { Trend } from './trend.tsx';
import { useOverview } from './use-health.ts';

const windows = ['1h', '24h', '28d'] as const satisfies readonly (keyof typeof windowMs)[];

/** How integrations go, of one institution or of all: figures, the way they went, and a line for each partner. */
export function HealthView({ slug }: { slug?: string }) {
  const { text } = useLanguage();
  const [url, change] = useUrlState();
  const window = oneOf(windows, url.window) ?? '24h';
  const kind = oneOf(exchangeKinds, url.kind);
  const filter = {
    ...(kind === undefined ? {} : { kind }),
    ...(url.partner === undefined ? {} : { partner: url.partner }),
  };
  const overview = useOverview(slug, filter);
  return (
    <Stack gap="lg">
      <div className="filters">
        <SegmentedControl
          aria-label={text('health.window')}
          value={window}
          onChange={(chosen) => change({ window: chosen, range: undefined })}
          data={windows.map((value) => ({ value, label: text(`health.window.${value}`) }))}
        />
        <Select
          aria-label={text('health.kind')}
          placeholder={text('health.kind')}
          clearable
          clearButtonProps={{ 'aria-label': text('table.clear') }}
          value={kind ?? null}
          onChange={(chosen) => change({ kind: chosen ?? undefined })}
          data={exchangeKinds.map((value) => ({ value, label: text(`kind.${value}`) }))}
        />
        <PartnerChip />
      </div>
      <Loaded of={overview} lines={8}>
        {(data) => (
          <Stack gap="lg">
            <HealthFigures overview={data} window={window} slug={slug} filter={filter} />
            <Trend slug={slug} window={window} filter={filter} />
            <PartnerTable overview={data} window={window} slug={slug} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
