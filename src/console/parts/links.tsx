import { Anchor, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** A link in text to another page of the console. */
export const TextLink = createLink(Anchor<'a'>);

/** A link to another page of the console that looks like a button; to readers of the screen it is a link. */
export const ButtonLink = createLink(AnchorButton);

function AnchorButton(props: ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>) {
  return <Button component="a" {...props} />;
}
