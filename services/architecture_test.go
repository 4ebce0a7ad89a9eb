package services_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "example.org/passerelle/"

// pure packages may be imported by every service and its rules: they talk to nobody.
var pure = []string{"api/events", "pkg/refusal", "pkg/directory", "pkg/directory/sample", "pkg/paris", "pkg/fold", "pkg/steady", "pkg/sdc", "services/reference", "services/reference/communes", "services/reference/mediation", "services/policy", "services/published", "services/next", "services/paperform", "services/matching"}

// bundled is what reference data may use besides: it is in the binary, packed.
var bundled = []string{"embed", "compress/gzip"}

// quiet is the part of the standard library that rules may use: no net, os, io, sql, log.
var quiet = []string{
	"bytes", "cmp", "crypto/sha256", "encoding/base32", "encoding/hex", "encoding/json", "errors", "fmt", "iter", "maps",
	"math", "math/bits", "regexp", "slices", "sort", "strconv", "strings", "sync", "time", "time/tzdata", "unicode", "unicode/utf8",
}

// TestArchitectureDomainsAreQuiet: a rule can be read and tested without starting anything.
func TestArchitectureDomainsAreQuiet(t *testing.T) {
	for file, imports := range importsUnder(t, ".") {
		if !strings.Contains(file, "/domain/") && !isPure(filepath.Dir(file)) {
			continue
		}
		for _, path := range imports {
			if !allowedInDomain(path) && !(strings.HasPrefix(file, "reference/") && slices.Contains(bundled, path)) {
				t.Errorf("%s imports %s: a domain imports %v and the quiet part of the standard library", file, path, pure)
			}
		}
	}
}

// TestArchitectureServicesDoNotKnowEachOther: the only road between them is a fact.
func TestArchitectureServicesDoNotKnowEachOther(t *testing.T) {
	for file, imports := range importsUnder(t, ".") {
		own := strings.SplitN(file, "/", 2)[0]
		if own == "platform" || own == "bench" {
			continue
		}
		for _, path := range imports {
			if foreign(own, path) {
				t.Errorf("%s imports %s: services never import one another", file, path)
			}
		}
	}
}

// TestArchitectureOnlyWebKnowsEcho: a later version of the framework touches one package.
func TestArchitectureOnlyWebKnowsEcho(t *testing.T) {
	for _, root := range []string{".", "../pkg"} {
		for file, imports := range importsUnder(t, root) {
			for _, path := range imports {
				if strings.HasPrefix(path, "github.com/labstack/echo") && !(root == "../pkg" && strings.HasPrefix(file, "web/")) {
					t.Errorf("%s imports %s: only pkg/web does", file, path)
				}
			}
		}
	}
}

// TestArchitecturePkgKnowsNoService and api depends on the standard library only.
func TestArchitectureModulesPointOneWay(t *testing.T) {
	for file, imports := range importsUnder(t, "../pkg") {
		for _, path := range imports {
			if strings.HasPrefix(path, module+"services") {
				t.Errorf("pkg/%s imports %s: pkg knows no service", file, path)
			}
		}
	}
	for file, imports := range importsUnder(t, "../api") {
		if strings.HasPrefix(file, "client/") {
			continue
		}
		for _, path := range imports {
			if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && !strings.HasPrefix(path, module+"api/") {
				t.Errorf("api/%s imports %s: api depends on the standard library only", file, path)
			}
		}
	}
}

// TestArchitectureFindsAPlantedImport: the rules above refuse what they are there to refuse.
func TestArchitectureFindsAPlantedImport(t *testing.T) {
	for _, path := range []string{"net/http", "os", "io", "log/slog", "database/sql", "github.com/jackc/pgx/v5", module + "pkg/ledger", module + "services/referral/domain"} {
		if allowedInDomain(path) {
			t.Errorf("a domain may import %s", path)
		}
	}
	if !foreign("workshop", module+"services/referral/domain") || foreign("workshop", module+"services/workshop/domain") {
		t.Error("foreign does not tell services apart")
	}
}

func allowedInDomain(path string) bool {
	return slices.Contains(quiet, path) || slices.ContainsFunc(pure, func(p string) bool { return path == module+p })
}

func foreign(own, path string) bool {
	rest, ours := strings.CutPrefix(path, module+"services/")
	return ours && strings.SplitN(rest, "/", 2)[0] != own && !isPure(rest)
}

func isPure(dir string) bool { return slices.Contains(pure, "services/"+dir) }

// importsUnder gives, for each Go file that is no test, what it imports.
func importsUnder(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			found[path] = append(found[path], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no Go file under %s", root)
	}
	return found
}
