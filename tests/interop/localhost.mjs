// Resolves every name below "localhost" to loopback, as RFC 6761 asks of
// resolvers: the C library alone knows no more than "localhost" itself. Loaded
// before the tests with --import; the libraries' own code stays as it is.
import dns from 'node:dns';

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const lookup = dns.lookup;

dns.lookup = function lookupLocal(name, options, callback) {
    const done = typeof options === 'function' ? options : callback;

    if (!/\.localhost$/i.test(name))
        return lookup.call(dns, name, options, callback);
    if (options?.all)
        return process.nextTick(done, null, [LOOPBACK]);
    return process.nextTick(done, null, LOOPBACK.address, LOOPBACK.family);
};
