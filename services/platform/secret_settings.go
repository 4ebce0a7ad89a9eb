package platform

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// SecretFiles are files with settings that may hold a password or a token.
type SecretFiles struct {
	DatabaseURLFile string `name:"database-url-file" env:"PASSERELLE_DATABASE_URL_FILE" help:"File with the address of Postgres, instead of PASSERELLE_DATABASE_URL."`
	NATSURLFile     string `name:"nats-url-file" env:"PASSERELLE_NATS_URL_FILE" help:"File with the address of NATS, instead of PASSERELLE_NATS_URL."`
}

// readSecretFiles takes settings from the files that are named for them. What may hold a secret is not left to the
// processes that are started later, such as the private Postgres.
func (c *Config) readSecretFiles() error {
	for _, s := range []struct {
		name, file string
		into       *string
	}{
		{"PASSERELLE_DATABASE_URL", c.DatabaseURLFile, &c.DatabaseURL},
		{"PASSERELLE_NATS_URL", c.NATSURLFile, &c.NATSURL},
	} {
		_ = os.Unsetenv(s.name) // cannot fail for such a name
		if s.file == "" {
			continue
		}
		if *s.into != "" {
			return fmt.Errorf("%s and %s_FILE are both given: give one of them", s.name, s.name)
		}
		text, err := readSecretFile(s.name+"_FILE", s.file)
		if err != nil {
			return err
		}
		*s.into = text
	}
	return nil
}

// readSecretFile gives what a file holds, without the end of its line.
func readSecretFile(setting, file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s: the file cannot be read: %w", setting, withoutPath(err))
	}
	if secret := strings.TrimRight(string(text), "\r\n"); secret != "" {
		return secret, nil
	}
	return "", fmt.Errorf("%s: the file is empty", setting)
}

// withoutPath is what went wrong with a file, but not its name: somebody may have put the secret itself there.
func withoutPath(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// checkArguments refuses a secret among the arguments: everybody on the machine can read those.
func checkArguments(typed *kong.Context) error {
	for _, p := range typed.Path {
		if p.Flag == nil || p.Flag.Target.Kind() != reflect.String || !holdsSecret(p.Flag.Target.String()) {
			continue
		}
		return fmt.Errorf("--%s holds a password or a token, which everybody on this machine could read there: give it as a variable or in a file", p.Flag.Name)
	}
	return nil
}

// holdsSecret tells whether one of some addresses has a password or a token in it.
func holdsSecret(addresses string) bool {
	for one := range strings.SplitSeq(addresses, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil {
			return strings.Contains(one, "@")
		}
		_, password := u.User.Password()
		token := u.User != nil && !strings.HasPrefix(u.Scheme, "postgres")
		if password || token || strings.Contains(one, "password=") {
			return true
		}
	}
	return false
}

// private refuses a key that others than its owner may read or change.
func private(path string) error {
	if !readByOthers(path) {
		return nil
	}
	return fmt.Errorf("secret %s may be read or changed by others than its owner: run `chmod 600 %s`, or mount it with mode 0400", path, path)
}

// readByOthers looks at the rights of a file. One that is not there, or is none, is nobody's.
func readByOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o066 != 0
}

// secretFiles are all files with secrets that this installation knows.
func (i *installation) secretFiles() (list []string) {
	for _, name := range filesIn(i.secretsDir()) {
		list = append(list, filepath.Join(i.secretsDir(), name))
	}
	if i.folder != nil {
		list = append(list, i.folder.join("pg.password"))
	}
	c := i.config
	for _, file := range []string{c.SignInSecretFile, c.DatabaseURLFile, c.NATSURLFile, c.NATSNKey, c.NATSKey} {
		if file != "" {
			list = append(list, file)
		}
	}
	return list
}
