package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var columns = []Column{{Name: "cle"}, {Name: "nom"}, {Name: "note", Optional: true}}

func lines(t *testing.T, file string) (read []Line, wrong []Rejection) {
	t.Helper()
	table, err := NewTable(strings.NewReader(file), columns)
	if err != nil {
		t.Fatal(err)
	}
	for {
		line, faults, err := table.Next()
		wrong = append(wrong, faults...)
		if errors.Is(err, io.EOF) {
			return read, wrong
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(faults) == 0 {
			read = append(read, line)
		}
	}
}

func TestAFileIsReadAsSpreadsheetsWriteIt(t *testing.T) {
	t.Parallel()
	want := []Line{{2, map[string]string{"cle": "1", "nom": "Exemple", "note": "deux\nlignes; \"dites\""}}, {4, map[string]string{"cle": "2", "nom": "=1+1", "note": ""}}}
	for name, file := range map[string]string{
		"semicolons, with a mark": "\ufeffCle;nom; note\r\n1;Exemple;\"deux\r\nlignes; \"\"dites\"\"\"\r\n2;'=1+1;\r\n",
		"commas":                  "cle,nom,note\n1,Exemple,\"deux\nlignes; \"\"dites\"\"\"\n2,'=1+1,",
	} {
		if got, wrong := lines(t, file); !reflect.DeepEqual(got, want) || wrong != nil {
			t.Errorf("%s: %v %v", name, got, wrong)
		}
	}
}

func TestEveryFaultOfTheHeaderIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := NewTable(strings.NewReader("cle,cle,inconnue\n"), columns)
	var faults refusal.Faults
	if !errors.As(err, &faults) || faults.Error() != "cle: doubled_column, inconnue: unknown_column, nom: missing_column" {
		t.Error(err)
	}
	for file, code := range map[string]string{"": "header: empty_file", "cl\xe9;nom\n": "header: not_utf8", "\"cle": "header: not_csv"} {
		if _, err := NewTable(strings.NewReader(file), columns); err == nil || err.Error() != code {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestWhatCannotBeReadIsSaidByLineAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	read, wrong := lines(t, "cle;nom\n1;H\xe9rault\n2\n3;b\"n\n4;bon\n\n6;\"coup")
	if len(read) != 1 || read[0].Number != 5 || read[0].Values["nom"] != "bon" {
		t.Error(read)
	}
	got := ""
	for _, r := range wrong {
		got += fmt.Sprint(r.Line, " ", r.Field, " ", r.Code, "\n")
	}
	if want := "2 nom not_utf8\n3  wrong_columns\n4  not_csv\n7  not_csv\n"; got != want {
		t.Errorf("%s, wanted\n%s", got, want)
	}
}

func TestAnyValueComesBackFromACell(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "=1+1", "+33 4 65 71 99 01", "-1", "@x", "'=1", "'", "''", "l'autre", "'autre"} {
		if got := unformula(Cell(value)); got != value || strings.ContainsAny(Cell(value)[:min(1, len(value))], "=+-@") {
			t.Errorf("%q was written %q and read %q", value, Cell(value), got)
		}
	}
}

// TestAnOpenQuotationMarkDoesNotFillTheMemory, nor do many lines.
func TestAnOpenQuotationMarkDoesNotFillTheMemory(t *testing.T) {
	for name, file := range map[string]io.Reader{
		"open":  io.MultiReader(strings.NewReader("cle;nom\n1;\""), io.LimitReader(endless("x"), 64<<20)),
		"lines": io.MultiReader(strings.NewReader("cle;nom\n"), io.LimitReader(endless("1;"+strings.Repeat("x", 97)+"\n"), 32<<20)),
	} {
		table, err := NewTable(file, columns)
		if err != nil {
			t.Fatal(err)
		}
		most, n := uint64(0), 0
		for {
			if _, _, err = table.Next(); err != nil {
				break
			}
			if n++; n%50_000 == 0 {
				most = max(most, heap())
			}
		}
		if most = max(most, heap()); !errors.Is(err, io.EOF) || most > 24<<20 {
			t.Errorf("%s: %d MiB, %v", name, most>>20, err)
		}
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func endless(text string) io.Reader { return &again{text: text} }

// again gives a text over and over.
type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (n int, _ error) {
	for n < len(p) {
		copied := copy(p[n:], a.text[a.at:])
		n, a.at = n+copied, (a.at+copied)%len(a.text)
	}
	return n, nil
}

func setup(t *testing.T) Runs {
	t.Helper()
	r := Runs{Pool: testkit.Pool(t), Schema: Schema(testkit.Prefix(t)), Log: slog.New(slog.DiscardHandler)}
	for range 2 {
		if err := Provision(t.Context(), r.Pool, r.Schema); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// odd rejects what has no name, and knows what was there.
func odd(_ context.Context, l Line) (bool, error) {
	if l.Values["nom"] == "" {
		return false, refusal.Faults{{Field: "nom", Code: "required", Detail: "Fill it in."}, {Field: "cle", Code: "required", Detail: "Fill it in."}}
	}
	return l.Values["nom"] == "ancien", nil
}

func TestASmallFileIsAnsweredAtOnceAndALargeOneIsFollowed(t *testing.T) {
	t.Parallel()
	r := setup(t)
	ended := make(chan struct{})
	r.Go = func(_ string, work func(context.Context) error) {
		over := ended // of this run: the next one has its own
		go func() {
			_ = work(context.Background())
			close(over)
		}()
	}
	got, err := r.Begin(t.Context(), Job{Account: "advisor", Body: strings.NewReader("cle;nom\n1;a\n2;\n3;ancien\n"), Columns: columns, Work: odd})
	if err != nil || got.State != Ended || got.Accepted != 1 || got.Already != 1 || got.Rejected != 1 || len(got.Rejections) != 2 || got.Line != 4 {
		t.Error(got, err)
	}
	ended = make(chan struct{})
	large := "cle;nom\n" + strings.Repeat("1;"+strings.Repeat("a", 97)+"\n", 11_000) + strings.Repeat("2;\n", 600)
	got, err = r.Begin(t.Context(), Job{Account: "advisor", Body: strings.NewReader(large), Columns: columns, Work: odd})
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	end, err := r.Get(t.Context(), "advisor", got.ID)
	if err != nil || end.State != Ended || end.Accepted != 11_000 || end.Rejected != 600 || len(end.Rejections) != MostRejections || end.More != 200 || end.Line != 11_601 {
		t.Error(end.State, end.Accepted, end.Rejected, len(end.Rejections), end.More, end.Line, err)
	}
	if _, err := r.Get(t.Context(), "somebody else", got.ID); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	list, err := r.List(t.Context(), "advisor")
	if err != nil || len(list) != 2 || list[0].ID != got.ID || list[0].Accepted != 11_000 || list[0].Rejections != nil || list[0].At.Before(list[1].At) {
		t.Error(list, err)
	}
	if others, err := r.List(t.Context(), "somebody else"); err != nil || len(others) != 0 {
		t.Error(others, err)
	}
}

func TestARunThatIsCutOffSaysSo(t *testing.T) {
	t.Parallel()
	r := setup(t)
	process, stop := context.WithCancel(context.Background())
	r.Go = func(_ string, work func(context.Context) error) { go func() { _ = work(process) }() }
	var worked atomic.Int32
	got, err := r.Begin(t.Context(), Job{Account: "advisor", Body: strings.NewReader("cle;nom\n1;a\n2;b\n"), Columns: columns, Work: func(ctx context.Context, _ Line) (bool, error) {
		if worked.Add(1) == 2 {
			stop()
		}
		<-ctx.Done()
		return false, ctx.Err()
	}})
	if err != nil || got.State != CutOff || !strings.Contains(got.Detail, "same file again") {
		t.Error(got, err)
	}
	if kept, err := r.Get(t.Context(), "advisor", got.ID); err != nil || kept.State != CutOff {
		t.Error(kept, err)
	}
	silentOne := Result{ID: "gone", State: Running}
	if err := r.insert(t.Context(), "advisor", silentOne); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Pool.Exec(t.Context(), in(r.Schema, `update model.run set touched_at = now() - interval '1 minute' where id = 'gone'`)); err != nil {
		t.Fatal(err)
	}
	if kept, err := r.Get(t.Context(), "advisor", "gone"); err != nil || kept.State != CutOff || kept.Detail == "" {
		t.Error(kept, err)
	}
}

func TestWhatWaitsOnDiskIsNotThereInClear(t *testing.T) {
	t.Parallel()
	s, err := spooled(io.LimitReader(endless("Imaginaire "), 2<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/self/fd/%d", s.file.Fd()))
	if err != nil || len(raw) < 1<<20 || strings.Contains(string(raw), "Imaginaire") {
		t.Error(len(raw), err)
	}
	text, err := io.ReadAll(s)
	if err != nil || !strings.HasPrefix(string(text), "Imaginaire Imaginaire ") || len(text) < 1<<20 {
		t.Error(len(text), err)
	}
}

func TestWhoDoesNotWaitIsToldHowFarItIs(t *testing.T) {
	t.Parallel()
	r := setup(t)
	release, ended := make(chan struct{}), make(chan struct{})
	r.Go = func(_ string, work func(context.Context) error) {
		go func() {
			_ = work(context.Background())
			close(ended)
		}()
	}
	got, err := r.Begin(t.Context(), Job{Account: "advisor", Wait: time.Millisecond, Body: strings.NewReader("cle;nom\n1;a\n"), Columns: columns, Work: func(context.Context, Line) (bool, error) {
		<-release
		return false, nil
	}})
	if err != nil || got.State != Running || got.Accepted != 0 {
		t.Error(got, err)
	}
	close(release)
	<-ended
	if end, err := r.Get(t.Context(), "advisor", got.ID); err != nil || end.State != Ended || end.Accepted != 1 {
		t.Error(end, err)
	}
}
