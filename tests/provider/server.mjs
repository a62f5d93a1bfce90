// A certified OpenID provider on loopback, for one test or many: `node server.mjs CONFIGURATION` with JSON as argument.
// It says its issuer on standard output when it listens, and keeps everything in memory.

import { createServer } from "node:http";
import Provider from "oidc-provider";

const { port, clients, people, keys } = JSON.parse(process.argv[2]);

const server = createServer();
server.listen(port, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    // Its own plain sign-in form, which any password passes.
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  console.log(`listening ${issuer}`);
});
