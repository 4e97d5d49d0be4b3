/** Files in PEM: an authority of one's own, and a certificate with its key where the server wants one. */
export type RedisTls = { ca?: string; cert?: string; key?: string };

type Login = { username?: string; password?: string };

/** Where Redis is: one server, whoever the Sentinels say is the master, or the nodes of a cluster to ask first. */
export type RedisAddress =
  | { url: string; tls?: RedisTls }
  | ({
      sentinels: readonly string[];
      master: string;
      sentinelPassword?: string;
      tls?: RedisTls;
    } & Login)
  | ({ cluster: readonly string[]; tls?: RedisTls } & Login);
