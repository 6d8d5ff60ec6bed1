package consumer_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/devnet/localnet"
)

const pool = `{
  "symbol": "LIGHT", "name": "Speed of light", "liquidity_alita": "1000ALITA", "liquidity_data": "100000LIGHT",
  "reward_budget": "1000LIGHT", "match": "50%", "maker_allotment": "500LIGHT", "vesting": "365d", "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "requirements": {"text": "One row per reading.", "columns": [{"name": "speed_km_s"}], "min_rows": 1, "open_admission": true}
}`

const document = `{
  "@context": "http://schema.org/", "@type": "Dataset", "name": "Readings of the speed of light",
  "description": "Readings of the speed of light in air, taken in 1879 with a rotating mirror, one row for each reading.",
  "license": "CC0-1.0", "creator": {"@type": "Person", "name": "Albert A. Michelson"}
}`

// collection is a network on which owners with workers list a file each, and validators
// have seats.
type collection struct {
	t             *testing.T
	net           *localnet.Network
	alitad, alita string
	dir           string
}

// TestExample runs the Example on a network of this machine: the count and the mean of
// all 100 readings, which no owner has alone.
func TestExample(t *testing.T) {
	binaries := os.Getenv("ALITA_BINARIES")
	if binaries == "" || os.Getenv("ALITA_E2E") != "full" {
		t.Skip("it needs a network: run it with `make test-e2e`")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	c := &collection{t: t, dir: t.TempDir(), alitad: filepath.Join(binaries, "alitad"), alita: filepath.Join(binaries, "alita-worker")}
	names := []string{"anna", "boris", "clara"}
	c.start(ctx, names)
	c.open(ctx)
	c.seat(ctx)
	for i, name := range names {
		c.list(ctx, name, i, len(names))
	}
	t.Setenv("ALITA_HOME", c.net.Home(0))
	t.Setenv("ALITA_GRPC", c.net.GRPC(0))
	begun := time.Now()
	text := printed(t, Example)
	t.Logf("%.1f s\n%s", time.Since(begun).Seconds(), text)
	require.Regexp(t, `(?m)^speed_km_s +100 +29985240 +299852\.4 `, text)
}

// printed is what a function writes to the standard output.
func printed(t *testing.T, do func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	stdout := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = stdout }()
	text := make(chan string)
	go func() {
		bz, _ := io.ReadAll(r)
		text <- string(bz)
	}()
	do()
	require.NoError(t, w.Close())
	return <-text
}

// start starts four validators. Their blocks come slowly enough that the default windows
// of a job suffice on a busy machine.
func (c *collection) start(ctx context.Context, owners []string) {
	c.t.Helper()
	localnet.Tied = true
	accounts := []localnet.Account{
		{Name: "maker", Coins: "20000000000ualita"}, {Name: "consumer", Coins: "20000000000ualita"},
	}
	for _, name := range owners {
		accounts = append(accounts, localnet.Account{Name: name, Coins: "100000000ualita"})
	}
	var err error
	c.net, err = localnet.Start(ctx, localnet.Config{
		Binary: c.alitad, Dir: filepath.Join(c.dir, "net"), Validators: 4, Accounts: accounts, TimeoutCommit: time.Second,
	})
	require.NoError(c.t, err)
	c.t.Cleanup(func() { require.NoError(c.t, c.net.Stop()) })
}

func (c *collection) tx(ctx context.Context, from string, args ...string) {
	c.t.Helper()
	_, err := c.net.Broadcast(ctx, from, args...)
	require.NoError(c.t, err)
}

// open creates the pool, stores the program and buys Data Tokens for the consumer.
func (c *collection) open(ctx context.Context) {
	c.t.Helper()
	file := filepath.Join(c.dir, "pool.json")
	require.NoError(c.t, os.WriteFile(file, []byte(pool), 0o600))
	c.tx(ctx, "maker", "datapool", "create-pool", file)
	c.tx(ctx, "maker", "compute", "store-program", "--shipped", "moments")
	c.tx(ctx, "consumer", "datapool", "swap", "LIGHT", "10ALITA", "--slippage", "2")
}

// seat makes every validator a seat and starts it.
func (c *collection) seat(ctx context.Context) {
	c.t.Helper()
	errs := make([]error, c.net.Validators())
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			s, err := c.net.NewSeat(ctx, i, c.alita, filepath.Join(c.dir, "seat"+string(rune('0'+i))), c.net.GRPC(i), "500")
			if err == nil {
				err = s.Start()
				c.t.Cleanup(func() { require.NoError(c.t, s.Stop()) })
			}
			errs[i] = err
		})
	}
	all.Wait()
	require.NoError(c.t, errors.Join(errs...))
}

// list gives an owner a part of Michelson's readings, registers it and starts the
// owner's worker.
func (c *collection) list(ctx context.Context, name string, part, parts int) {
	c.t.Helper()
	bz, err := os.ReadFile(filepath.Join("..", "..", "testdata", "data", "michelson.csv"))
	require.NoError(c.t, err)
	lines := strings.SplitAfter(strings.TrimRight(string(bz), "\n")+"\n", "\n")
	rows := lines[1 : len(lines)-1]
	own := rows[part*len(rows)/parts : (part+1)*len(rows)/parts]
	o := &localnet.Owner{
		Name: name, Dir: filepath.Join(c.dir, name), File: filepath.Join(c.dir, name, "data", "readings.csv"),
		Document: filepath.Join(c.dir, name, "record.jsonld"),
	}
	require.NoError(c.t, os.MkdirAll(filepath.Dir(o.File), 0o700))
	require.NoError(c.t, os.WriteFile(o.File, []byte(lines[0]+strings.Join(own, "")), 0o600))
	require.NoError(c.t, os.WriteFile(o.Document, []byte(document), 0o600))
	require.NoError(c.t, o.Join(ctx, c.net, c.alita, c.net.GRPC(0), append(localnet.ProgramFlags(), "--min-cohort", "2")...))
	made, err := o.Register(ctx, c.net, 1, "--record-version", "1.0.0")
	require.NoError(c.t, err)
	c.tx(ctx, name, "metadata", "grant", made.RecordID, `{`+localnet.NamedPrograms()+`,"min_cohort":2,"min_price_per_mop":"1"}`)
	require.NoError(c.t, o.Worker.Start())
	c.t.Cleanup(func() { require.NoError(c.t, o.Worker.Stop()) })
}
