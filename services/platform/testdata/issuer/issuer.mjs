// An OpenID provider that is not ours: it takes any name and password at its own pages, and believes that the name is
// an e-mail address. Its userinfo is signed, and its tokens live a minute, as with ProConnect.
import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'

const { ISSUER, REDIRECT, AFTER } = process.env

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: 'passerelle',
    client_secret: 'published-secret-of-a-test',
    redirect_uris: [REDIRECT],
    post_logout_redirect_uris: [AFTER],
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [{ ...key, kid: 'test', use: 'sig', alg: 'ES256' }] },
  cookies: { keys: ['published-key-of-a-test'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], given_name: ['given_name'], usual_name: ['usual_name'] },
  features: { jwtUserinfo: { enabled: true } },
  ttl: { AccessToken: 60, AuthorizationCode: 30, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: true, given_name: 'Camille', usual_name: 'Exemple' }),
  }),
})

const { hostname, port } = new URL(ISSUER)
provider.listen(Number(port), hostname, () => console.log('ready'))
