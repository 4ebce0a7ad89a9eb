// Package npm reads files of packages that the npm client fetches.
package npm

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Member is one file of a package, fetched into folder by the npm client: it checks what it downloads.
func Member(ctx context.Context, folder, pack, member string) ([]byte, error) {
	data, err := unpack(ctx, folder, pack, member)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", member, pack, err)
	}
	return data, nil
}

func unpack(ctx context.Context, folder, pack, member string) ([]byte, error) {
	command := exec.CommandContext(ctx, "npm", "pack", "--silent", pack)
	command.Dir, command.Stderr = folder, os.Stderr
	name, err := command.Output()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(folder, strings.TrimSpace(string(name))))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return find(file, member)
}

func find(archive io.Reader, member string) ([]byte, error) {
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(plain); ; {
		header, err := files.Next()
		if err != nil {
			return nil, err
		}
		if header.Name == member {
			return io.ReadAll(files)
		}
	}
}
