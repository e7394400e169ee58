import { type DemoRosters, demoPackages } from './rosters.ts';

/** How to bring the rosters and to watch it. @param command how the hub's commands are called */
export function describeRosters({ rest, csv }: DemoRosters, command: string): string {
  const roster = (verb: string, { slug, connectionId }: DemoRosters['csv'], more = '') =>
    `  ${command} roster ${verb} ${connectionId} --tenant ${slug}${more}`;
  return `
Each school has a student information system with 2,000 people. The roster of the first one is brought at the first start.
To bring it again and watch it:

${roster('run', rest, ' --wait')}

The second school's system leaves packages. A good one, the next night's, and one with half a school missing, which waits
for somebody to look at its plan:

${roster('run', csv, ' --wait')}
${roster('update', csv, ` --set path=${demoPackages.next}`)}
${roster('update', csv, ` --set path=${demoPackages.bad}`)}
  ${command} roster plan <run> --tenant ${csv.slug}
`;
}
