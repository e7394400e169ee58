import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Calm and dense: one colour of our own, small corners, text of 14 and 13 pixels at the usual size. */
export const theme = createTheme({
  colors: {
    pine: [
      '#e9f6f6',
      '#d5ebec',
      '#a9d7d9',
      '#79c1c5',
      '#52afb4',
      '#37a3a9',
      '#1c8f96',
      '#0b757c',
      '#0b5f66',
      '#064a50',
    ],
  },
  primaryColor: 'pine',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontSizes: { xs: '0.78rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  // Links are as large as the text they stand in.
  components: { Anchor: { defaultProps: { inherit: true } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine’s grey and red texts have less contrast than WCAG 2.2 §1.4.3 asks for. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55626b',
    '--mantine-color-placeholder': '#6a757d',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#17222a',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b5bd',
    '--mantine-color-placeholder': '#98a4ac',
    '--mantine-color-error': '#ff9a93',
    '--mantine-color-body': '#12191d',
    '--mantine-color-text': '#e4eaed',
  },
});
