package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	paperForms   = 20_000
	paperHeader  = "cle;date_constat;premier_contact;accord_etude;institution;couverture_reseau;equipement;types_equipement;probleme_financier;difficulte;motif_difficulte;lieu_aide;besoin_formation;description;situation_familiale;activite;arret_maladie;sexe;age\n"
	paperLine    = "%d;2020-02-03;secretary;oui;cpam;oui;non;;oui;oui;isolation;non;oui;;single;employed;non;F;%d\n"
	paperAddress = "/api/v1/flags/import?programme=observation-bfc-2020"
)

// paper measures an import of paper forms into a whole `passerelle run`: every line is a flag, with a key of its own, that all
// services hear of. Beside it stands how much memory the process had at most, with a quarter of the lines and with all.
func paper(ctx context.Context, dir string) (rows []row, err error) {
	binary, err := built(ctx, dir)
	if err != nil {
		return nil, err
	}
	err = whileItRuns(ctx, binary, filepath.Join(dir, "paper"), func(pid int, address string) error {
		for _, lines := range []int{paperForms / 4, paperForms} {
			took, err := importForms(ctx, address, lines)
			if err != nil {
				return err
			}
			name := fmt.Sprintf("paper forms, file of %d lines", lines)
			rows = append(rows, row{name, "s", fmt.Sprintf("%.1f", took.Seconds()), "", true}, row{name + ": memory of the process at most", "MiB", mostMemory(pid), "", true})
		}
		return nil
	})
	return rows, err
}

// importForms sends a file and follows it to its end. Every file has forms of its own.
func importForms(ctx context.Context, address string, lines int) (time.Duration, error) {
	var file strings.Builder
	file.WriteString(paperHeader)
	for n := range lines {
		fmt.Fprintf(&file, paperLine, lines*10+n, 46+n%40)
	}
	token, err := tokenOf(ctx, address, "advisor-58")
	if err != nil {
		return 0, err
	}
	began := time.Now()
	run, err := told(ctx, http.MethodPost, address+paperAddress, token, file.String())
	for err == nil && run.State == "running" {
		time.Sleep(100 * time.Millisecond)
		run, err = told(ctx, http.MethodGet, address+"/api/v1/imports/"+run.ID, token, "")
	}
	if err == nil && run.Accepted != lines {
		err = fmt.Errorf("paper: %d of %d lines were taken, %s", run.Accepted, lines, run.State)
	}
	return time.Since(began), err
}

// imported is how far an import is.
type imported struct {
	ID, State      string
	Accepted, Line int
}

func told(ctx context.Context, method, address, token, file string) (run imported, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(file))
	if err != nil {
		return run, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "text/csv")
	err = answered(r, &run)
	return run, err
}

func tokenOf(ctx context.Context, address, account string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(account, "demo")
	var body struct {
		Token string `json:"access_token"`
	}
	err = answered(r, &body)
	return body.Token, err
}

func answered(r *http.Request, to any) error {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s: %s %w", r.URL.Path, body, err)
	}
	return json.Unmarshal(body, to)
}

// mostMemory is the most that a process has held, as the kernel counts it.
func mostMemory(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	var kilobytes int
	if _, after, found := strings.Cut(string(status), "VmHWM:"); err != nil || !found {
		return "unknown"
	} else if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		return "unknown"
	}
	return fmt.Sprint(kilobytes >> 10)
}

// whileItRuns starts an empty installation, and stops it when the work is done.
func whileItRuns(ctx context.Context, binary, folder string, work func(pid int, address string) error) error {
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, binary, "run")
	cmd.Env = append(os.Environ(), "PASSERELLE_DEMO=identity", "PASSERELLE_DATA_DIR="+folder, "PASSERELLE_HTTP_ADDR="+address)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	failed := errors.New("it never answered")
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), " answers on http://") {
			failed = work(cmd.Process.Pid, "http://"+address)
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	return errors.Join(failed, cmd.Wait())
}
