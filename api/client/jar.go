package client

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Jar remembers where the writes of its clients stand, so that later requests see them.
type Jar struct {
	mu        sync.Mutex
	positions map[string]int64
}

const header = "Passerelle-Position"

// String is what is sent: detection:12,workshop:7.
func (j *Jar) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]string, 0, len(j.positions))
	for service, position := range j.positions {
		list = append(list, service+":"+strconv.FormatInt(position, 10))
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

func (j *Jar) write(h http.Header) {
	if all := j.String(); all != "" && h.Get(header) == "" {
		h.Set(header, all)
	}
}

func (j *Jar) read(h http.Header) {
	service, digits, found := strings.Cut(h.Get(header), ":")
	position, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.positions == nil {
		j.positions = map[string]int64{}
	}
	j.positions[service] = max(j.positions[service], position)
}

// NewJar makes a jar that remembers what String of another one said; what cannot be read is left out.
func NewJar(positions string) *Jar {
	j := &Jar{}
	for one := range strings.SplitSeq(positions, ",") {
		j.read(http.Header{header: {one}})
	}
	return j
}
