/** How something stands; the words say it, the colour only helps. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'calm';
