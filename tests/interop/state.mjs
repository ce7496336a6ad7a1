// What a change made of a simulated cloud: its whole state before and after,
// compared leaf by leaf.
import { readFileSync } from 'node:fs';
import { get } from 'node:https';

// What a service writes down of its own accord when anything is asked of it, and
// how far it has come with that.
const NOTED = new Set(['systemData', 'etag', 'changedTime', 'createdTime',
    'updatedOn', 'updatedBy', 'createdOn', 'createdBy', 'lastModifiedDate',
    'lastModifiedTime', 'modifiedAt', 'updated', 'logs', 'statusMessage',
    'operations', 'jobs', 'provisioningState']);
// What tells one item of a list from the others.
const KEYS = ['id', 'name', 'objectId', 'value', 'principalId', 'kid'];
const GUIDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const TIMES = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;
const PORTS = /(localhost|127\.0\.0\.1):\d+/g;

export function stateOf(environment) {
    return new Promise((resolve, reject) => {
        get(`${environment.KVGOV_ARM_ENDPOINT}/_cloud/state`, {
            ca: readFileSync(environment.REQUESTS_CA_BUNDLE),
        }, async (answer) => {
            let text = '';

            for await (const part of answer.setEncoding('utf8'))
                text += part;
            resolve(JSON.parse(text));
        }).on('error', reject);
    });
}

function isInner(value) {
    return typeof value === 'object' && value !== null;
}

// Without what is noted and what is empty, which is as good as absent; members
// in the order of their names.
function bare(value) {
    if (Array.isArray(value))
        return value.map(bare);
    if (!isInner(value))
        return value;

    const members = Object.entries(value)
        .filter(([name]) => !NOTED.has(name))
        .map(([name, inner]) => [name, bare(inner)])
        .filter(([, inner]) => inner !== null && inner !== '' &&
            !(isInner(inner) && Object.keys(inner).length === 0));

    return Object.fromEntries(members.sort());
}

// The members of an object, or of a list whose items can be told apart.
function members(value) {
    if (!Array.isArray(value))
        return Object.entries(value);
    return value.map((item, index) => {
        const key = KEYS.find((name) => typeof item?.[name] === 'string');

        return [key ? item[key].toLowerCase() : String(index), item];
    });
}

function* differences(path, before, after) {
    if (!isInner(before) || !isInner(after)) {
        if (before !== after)
            yield `${path.join(' > ')}: ${JSON.stringify(before)} -> ${
                JSON.stringify(after)}`;
        return;
    }
    const were = new Map(members(before));
    const are = new Map(members(after));

    for (const name of new Set([...were.keys(), ...are.keys()]))
        yield* differences([...path, name], were.get(name), are.get(name));
}

// One line a difference, sorted; what differs from cloud to cloud is masked, and
// so are the names of what is new.
export function effect(before, after) {
    const known = new Set(
        JSON.stringify(before).toLowerCase().match(GUIDS));
    const mask = (guid) => (known.has(guid.toLowerCase()) ? guid : '<new>');

    return [...differences([], bare(before), bare(after))]
        .map((line) => line.replace(GUIDS, mask).replace(TIMES, '<time>')
            .replace(PORTS, '$1'))
        .sort();
}
