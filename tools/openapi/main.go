// Command openapi joins the files of api/http into the one document that is served, lists its operations for
// routing, and writes a plainer copy from which servers and client are generated.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	folder := flag.String("api", "../api/http", "folder of the OpenAPI files; openapi.json and operations.gen.go are written there")
	plain := flag.String("plain", "", "where the copy for the generators goes")
	flag.Parse()
	if err := run(*folder, *plain); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(folder, plain string) error {
	document, err := bundle(folder)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(folder, "openapi.json"), encode(document)); err != nil {
		return err
	}
	table, err := operations(document)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(folder, "operations.gen.go"), table); err != nil {
		return err
	}
	if plain == "" {
		return nil
	}
	return write(plain, encode(simplify(document)))
}

// write leaves a file that is already right as it is.
func write(name string, content []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, content) {
		return nil
	}
	return os.WriteFile(name, content, 0o644)
}
