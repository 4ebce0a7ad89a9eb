package mirror

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// lostLine is an event that is given up, or a message that is no event. Details stay sealed.
type lostLine struct {
	Service  string              `json:"service"`
	Position int64               `json:"position"`
	ID       string              `json:"id,omitempty"`
	Stream   string              `json:"stream,omitempty"`
	Version  int                 `json:"version,omitempty"`
	Name     string              `json:"name,omitempty"`
	Recorded *time.Time          `json:"recorded,omitempty"`
	Data     json.RawMessage     `json:"data,omitempty"`
	Meta     json.RawMessage     `json:"meta,omitempty"`
	Subject  string              `json:"subject,omitempty"`
	Header   map[string][]string `json:"header,omitempty"`
	Raw      []byte              `json:"raw,omitempty"` // what is not JSON, in base64
}

// lostFile is made with its first line.
type lostFile struct {
	service string
	path    string
	file    *os.File
	out     *bufio.Writer
	lines   int64
}

// writeLost gives the number of lines. When it returns without an error they are on disk.
func (c Copies) writeLost(path string, write func(*lostFile) error) (int64, error) {
	l := &lostFile{service: c.Service, path: path}
	err := write(l)
	if l.file == nil {
		return 0, err
	}
	if err = errors.Join(err, l.out.Flush(), l.file.Sync(), l.file.Close()); err != nil {
		return 0, fmt.Errorf("write lost events to %s: %w", path, errors.Join(err, os.Remove(path)))
	}
	return l.lines, nil
}

func (l *lostFile) line(line lostLine) error {
	if l.file == nil {
		file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("events would be lost, and no file for them: %w", err)
		}
		l.file, l.out = file, bufio.NewWriter(file)
	}
	line.Service = l.service
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	l.lines++
	_, err = l.out.Write(append(text, '\n'))
	return err
}

func (l *lostFile) event(e ledger.Event) error {
	line := lostLine{Position: e.Position, ID: e.ID, Stream: e.Stream, Version: e.Version, Name: e.Name, Recorded: &e.Recorded, Meta: e.Meta}
	if json.Valid(e.Data) {
		line.Data = e.Data
	} else {
		line.Raw = e.Data
	}
	return l.line(line)
}

func (l *lostFile) message(prefix string, m message) error {
	if e, err := stream.Event(prefix, m.sequence, m.subject, m.header, m.data); err == nil && json.Valid(e.Meta) {
		return l.event(e)
	}
	return l.line(lostLine{Position: m.sequence, Subject: m.subject, Header: m.header, Raw: m.data})
}

func (l *lostFile) ledger(ctx context.Context, from Ledger, after int64) error {
	for {
		events, err := from.Read(ctx, after, pageSize)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := l.event(e); err != nil {
				return err
			}
			after = e.Position
		}
	}
}
