package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// bundle joins all files of a folder. Two components of one name have to be the same.
func bundle(folder string) (*yaml.Node, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	all := bundled{tags: &yaml.Node{Kind: yaml.SequenceNode}, paths: mapping(), components: mapping()}
	for _, name := range files {
		file, err := read(name)
		if err != nil {
			return nil, err
		}
		if err := all.add(file); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all.document()
}

type bundled struct{ tags, paths, components *yaml.Node }

func (b *bundled) add(file *yaml.Node) error {
	walk(file, localRefs)
	if tags := child(file, "tags"); tags != nil {
		b.tags.Content = append(b.tags.Content, tags.Content...)
	}
	if err := each(child(file, "paths"), b.addPath); err != nil {
		return err
	}
	return each(child(file, "components"), func(kind string, parts *yaml.Node) error {
		return each(parts, func(name string, part *yaml.Node) error { return b.addComponent(kind, name, part) })
	})
}

// localRefs turns references to another file into references within the document.
func localRefs(m *yaml.Node) {
	if ref := child(m, "$ref"); ref != nil {
		if _, local, found := strings.Cut(ref.Value, "#"); found {
			ref.Value = "#" + local
		}
	}
}

func (b *bundled) addPath(path string, item *yaml.Node) error {
	if child(b.paths, path) == nil {
		set(b.paths, path, mapping())
	}
	into := child(b.paths, path)
	return each(item, func(method string, operation *yaml.Node) error {
		if child(into, method) != nil {
			return fmt.Errorf("%s %s is there twice", method, path)
		}
		set(into, method, operation)
		return nil
	})
}

func (b *bundled) addComponent(kind, name string, part *yaml.Node) error {
	if ref := value(part, "$ref"); ref == "#/components/"+kind+"/"+name {
		return nil // a file's own name for a shared part
	}
	if child(b.components, kind) == nil {
		set(b.components, kind, mapping())
	}
	into := child(b.components, kind)
	if old := child(into, name); old != nil && !bytes.Equal(encode(old), encode(part)) {
		return fmt.Errorf("%s %s means two things", kind, name)
	}
	set(into, name, part)
	return nil
}

const head = `
openapi: 3.1.0
info:
  title: Passerelle
  version: 1.0.0
  description: Referral and orientation for people who struggle with digital services.
  license: {name: MIT, identifier: MIT}
servers: [{url: /, description: wherever Passerelle runs}]
security: [{bearer: []}]
`

func (b *bundled) document() (*yaml.Node, error) {
	var file yaml.Node
	if err := yaml.Unmarshal([]byte(head), &file); err != nil {
		return nil, err
	}
	top := file.Content[0]
	set(top, "tags", b.tags)
	set(top, "paths", b.paths)
	set(top, "components", b.components)
	return top, nil
}
