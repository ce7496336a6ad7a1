// Loaded before a test with --import: names below "localhost" are loopback, as
// RFC 6761 asks of resolvers, and no other name is looked up at all, so that
// nothing leaves this machine. The libraries' own code stays as it is.
import dns from 'node:dns';

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const NAMES = /(^|\.)localhost$/i;

dns.lookup = function lookupLocal(name, options, callback) {
    const done = typeof options === 'function' ? options : callback;

    if (!NAMES.test(name) && name !== LOOPBACK.address)
        return process.nextTick(
            done, new Error(`${name} is not on loopback`));
    if (options?.all)
        return process.nextTick(done, null, [LOOPBACK]);
    return process.nextTick(done, null, LOOPBACK.address, LOOPBACK.family);
};
