import { Button } from '@mantine/core';
import { useLanguage } from '../../i18n/language.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { noPartner } from './use-health.ts';

/** The partner that the address narrows a page to; pressed, the page is of all again. */
export function PartnerChip() {
  const { text } = useLanguage();
  const [{ partner }, change] = useUrlState();
  if (partner === undefined) return null;
  return (
    <Button variant="default" onClick={() => change({ partner: undefined })}>
      {partner === noPartner ? text('health.noPartner') : partner} ✕
    </Button>
  );
}
