/** Loaded into a copy of the hub that the fault tests start: it never outlives them, and nothing else changes. */
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
