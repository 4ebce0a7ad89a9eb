package services_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asking are the methods by which a text reaches the database, with the place of the text among the arguments.
var asking = map[string]int{"Exec": 1, "Query": 1, "QueryRow": 1, "Queue": 0, "and": 0}

// TestArchitectureNoRequestBuildsSQL: a text for the database that is put together is put together in a file of
// its own package by names of schemas and tables only; whatever a person typed is an argument.
func TestArchitectureNoRequestBuildsSQL(t *testing.T) {
	for _, root := range []string{".", "../pkg"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(filepath.Join(root, path))
			if err != nil {
				return err
			}
			if strings.Contains(string(source), "QueryExecModeSimpleProtocol") || strings.Contains(string(source), "PreferSimpleProtocol") {
				t.Errorf("%s: the simple protocol takes several statements in one text", path)
			}
			for _, where := range builtSQL(t, path, source) {
				t.Errorf("%s: what a request says goes into the text of a query; give it as an argument", where)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// builtSQL are the calls whose text of a query holds something that came with a request.
func builtSQL(t *testing.T, path string, source []byte) (found []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		at, asks := asking[method.Sel.Name]
		if asks && at < len(call.Args) && fromRequest(call.Args[at]) {
			found = append(found, files.Position(call.Pos()).String())
		}
		return true
	})
	return found
}

// said are the names under which edges hold what a request said.
var said = []string{"request", "req", "r", "params", "body", "query", "q", "filter", "search"}

// fromRequest tells whether a text is put together with + or Sprintf from something that a request said, at any depth.
func fromRequest(text ast.Expr) (is bool) {
	ast.Inspect(text, func(n ast.Node) bool {
		if _, ok := n.(*ast.StarExpr); ok { // what may be left out of a request is behind a pointer
			is = true
		}
		if s, ok := n.(*ast.SelectorExpr); ok {
			if holder, ok := s.X.(*ast.Ident); ok && slices.Contains(said, holder.Name) && !slices.Contains([]string{"schema", "sql", "in", "table", "column"}, s.Sel.Name) {
				is = true
			}
		}
		return !is
	})
	return is
}

func TestArchitectureFindsPlantedSQL(t *testing.T) {
	for code, want := range map[string]int{
		`pool.Query(ctx, "select * from flag where name = '"+request.Body.Name+"'")`:          1,
		`pool.Exec(ctx, fmt.Sprintf("select * from flag order by %s", *request.Params.Sort))`: 1,
		`tx.QueryRow(ctx, "select 1 where x = $1", request.Body.Name)`:                        0,
		`pool.Query(ctx, s.in("select data from %s where token = $1"), token)`:                0,
		`pool.Exec(ctx, "create schema " + pgx.Identifier{schema}.Sanitize())`:                0,
		`f.and("status = " + *p.Status)`:                                                      1,
		`f.and("status = ?", *p.Status)`:                                                      0,
		`batch.Queue("delete from "+q.Name)`:                                                  1,
	} {
		source := "package p\nfunc f() { " + code + " }"
		if found := builtSQL(t, "planted.go", []byte(source)); len(found) != want {
			t.Errorf("%s: found %d, want %d", code, len(found), want)
		}
	}
}
