package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedStreamsComeBackAndNothingIsDoneTwice: whatever happens to the store of NATS while the process is
// down, the next start has equal copies, the same read models, and no reaction again.
func TestDamagedStreamsComeBackAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider, equipment := h.as("advisor-34"), h.as("provider-a"), h.as("equipment-lr")
	equipment.post(201, "/equipment/items", tablet("EX-0001"))
	session := provider.post(201, "/sessions", workshop(30)).text("id")
	advisor.learn(provider)
	for i := range 30 {
		flag := advisor.post(201, "/flags", senior(i))
		referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
		provider.learn(advisor)
		provider.post(200, "/sessions/"+session+"/requests/"+referral.text("id")+"/accept", map[string]any{})
	}
	h.until(func() bool { return len(provider.get("/equipment/loans?limit=100").items()) == 30 })
	before := map[string]int{}
	for _, service := range ledgers {
		before[service] = len(h.ledgerOf(service))
	}
	for _, damage := range []struct {
		name string
		do   func(store string)
	}{
		{"the whole store is gone", func(store string) { h.must(os.RemoveAll(store)) }},
		{"every block is gone", func(store string) { h.eachBlock(store, os.Remove) }},
		{"a bit is flipped in the middle of each block", func(store string) { h.eachBlock(store, flipABit) }},
		{"each block is cut in half", func(store string) { h.eachBlock(store, cutInHalf) }},
		{"each block is full of zeros", func(store string) { h.eachBlock(store, fillWithZeros) }},
	} {
		h.stop()
		damage.do(filepath.Join(h.dir, "nats"))
		h.startAnew()
		t.Log(damage.name)
		advisor.post(409, "/flags", senior(1)) // the service works, and knows what it knew
		// What neither the server nor a reader notices, verify finds; then the mirror fills the stream again.
		h.until(func() bool {
			_, err := h.operator("ledger", "verify")
			return err == nil
		})
		h.mustOperate("projections", "verify")
		for _, service := range ledgers {
			if now := len(h.ledgerOf(service)); now != before[service] {
				t.Errorf("%s: %s has %d events, before %d", damage.name, service, now, before[service])
			}
		}
	}
	h.stop()
}

// startAnew starts, and does what the start says when NATS stands still over its store.
func (h *house) startAnew() {
	h.Helper()
	err := h.tryStart()
	if err == nil {
		return
	}
	store := filepath.Join(h.dir, "nats")
	if !strings.Contains(h.log.String(), "move the folder "+store+" away") {
		h.Fatalf("start: %v\n%s", err, h.log)
	}
	h.Log("the start says to move the store away")
	h.must(os.RemoveAll(store))
	h.start()
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) eachBlock(store string, do func(path string) error) {
	h.Helper()
	blocks, err := filepath.Glob(filepath.Join(store, "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	if err != nil || len(blocks) < len(ledgers) {
		h.Fatalf("%d blocks: %v", len(blocks), err)
	}
	for _, block := range blocks {
		if info, err := os.Stat(block); err == nil && info.Size() == 0 {
			continue // of a service that has told nothing
		}
		h.must(do(block))
	}
}

func flipABit(path string) error {
	return rewrite(path, func(content []byte) []byte {
		content[len(content)/2] ^= 1
		return content
	})
}

func cutInHalf(path string) error {
	return rewrite(path, func(content []byte) []byte { return content[:len(content)/2] })
}

func fillWithZeros(path string) error {
	return rewrite(path, func(content []byte) []byte { return make([]byte, len(content)) })
}

func rewrite(path string, change func([]byte) []byte) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, change(content), 0o600)
}
