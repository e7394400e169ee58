import { CloseButton, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language.ts';

/** A dialog that keeps the focus within it, and gives it back. Its head is no `header`: that is the page's alone. */
export function Dialog({
  title,
  opened,
  onClose,
  children,
}: {
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const { text } = useLanguage();
  return (
    <Modal.Root opened={opened} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Group justify="space-between" wrap="nowrap" mb="sm">
            <Modal.Title className="dialog-title">{title}</Modal.Title>
            <CloseButton onClick={onClose} aria-label={text('action.close')} />
          </Group>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
