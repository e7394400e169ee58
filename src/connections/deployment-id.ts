/**
 * Whether a text can be a deployment_id: case-sensitive, at most 255 ASCII characters (LTI Core §3.1.3, §5.3.3), of
 * which control characters are none that an LMS could show.
 */
export function isDeploymentId(text: string): boolean {
  return /^[\x20-\x7e]{1,255}$/.test(text);
}
