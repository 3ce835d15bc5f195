/**
 * Words that name what a business has, when, where and for whom: swapping one for another leaves the plan the same
 * ("import customers from CSV", "import products from CSV"). They count for little.
 */
export const things: ReadonlySet<string> = new Set(
  (
    'customer client user account order invoice product item catalogue catalog booking reservation ticket payment ' +
    'shipment delivery supplier vendor partner portal shop store storefront company companies department team employee staff ' +
    'member profile settings setting wallet banking bank billing expense inventory warehouse article handbook manual ' +
    'page screen form dialog modal wizard tab panel home landing admin back-office backoffice internal public legacy old new existing ' +
    'monday tuesday wednesday thursday friday saturday sunday week month year day night quarter hour minute morning ' +
    'january february march april may june july august september october november december summer autumn winter spring ' +
    'europe region regional country city global local first second third two three four five six seven eight nine ten hundred thousand million ' +
    'main current next last previous whole entire several many few all every each our your their us app application service services system platform software module component feature ' +
    'website site web project code base codebase repository repo server worker process tool solution ' +
    'spanish portuguese german french italian language languages meeting call recording photo picture image attachment avatar document file ' +
    'enemy companion player boss weapon shooter game title field delivery courier driver fleet phone phones tablet device devices ' +
    'motor battery controller sensor thermostat wearable pricing tax price car flight hotel patient student teacher school hospital ' +
    'event click clickstream record entry row list message chat email legal support sales finance marketing hr lead demand volume ' +
    'weekly daily monthly yearly annual nightly hourly large small big great good proper single various own based using use need needs want should must be can'
  ).split(' '),
);
