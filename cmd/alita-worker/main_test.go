package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/internal/version"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/seat"
	"github.com/alita-network/alita/node/worker"
)

// owner is the account of 20 zero bytes.
const owner = "alita1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq55vf7z"

// TestMain is also the process that compiles a program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == compileName {
		main()
		return
	}
	os.Exit(m.Run())
}

// command runs alita-worker with arguments and returns what it prints.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	root := newRootCommand()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// prepare returns a home that does not exist yet and a passphrase file.
func prepare(t *testing.T) (dir, passphrase string) {
	t.Helper()
	parent := t.TempDir()
	passphrase = filepath.Join(parent, "passphrase")
	require.NoError(t, os.WriteFile(passphrase, []byte("the passphrase\n"), 0o600))
	return filepath.Join(parent, "home"), passphrase
}

func TestInitKeyAndCheck(t *testing.T) {
	dir, passphrase := prepare(t)
	data := t.TempDir()
	text, err := command(t, "init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node", "--owner", owner, "--chain-id", "alita-test-1",
		"--node", "127.0.0.1:1", "--data-dir", data, "--any-program", "--min-cohort", "5", "--min-price", "7", "--name", "my laptop", "-o", "json")
	require.NoError(t, err)
	var made worker.Initialized
	require.NoError(t, json.Unmarshal([]byte(text), &made))
	require.Equal(t, owner, made.Owner)
	_, err = chain.ParseAddress(made.Worker)
	require.NoError(t, err)
	raw, err := base64.StdEncoding.DecodeString(made.PublicKey)
	require.NoError(t, err)
	_, err = seal.ParsePublicKey(raw)
	require.NoError(t, err)
	require.Equal(t, []string{
		"alitad tx metadata register-worker " + made.Worker + " " + made.PublicKeyFile + ` --name "my laptop" --from ` + owner + " --chain-id alita-test-1",
		"alitad tx feegrant grant " + owner + " " + made.Worker + " --spend-limit 10000000ualita --allowed-messages " +
			"/alita.compute.v1.MsgContribute,/alita.compute.v1.MsgDeliver,/alita.compute.v1.MsgAccuseSeat --from " + owner + " --chain-id alita-test-1",
	}, made.Commands)
	require.Equal(t, []string{
		"any_program is true: programs that are not listed answer with noise alone; list in programs those that may give exact sums",
		"trust is node: whatever the node says is believed, and a node that lies can get at this owner's results",
	}, made.Hints)

	policy, err := worker.ReadPolicy(made.PolicyFile)
	require.NoError(t, err)
	require.EqualValues(t, 5, policy.MinCohort)
	require.EqualValues(t, 7, policy.MinPricePerMop)
	require.Equal(t, []string{data}, policy.DataDirs)
	for path, mode := range map[string]os.FileMode{dir: 0o700, made.KeyFile: 0o600, made.PolicyFile: 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), path)
	}

	key, err := command(t, "key", "--home", dir)
	require.NoError(t, err)
	require.Equal(t, made.PublicKey, strings.TrimSpace(key))

	text, err = command(t, "check", "--offline", "--home", dir, "--passphrase-file", passphrase)
	require.NoError(t, err, text)
	require.Contains(t, text, "ok    key file: worker "+made.Worker)
	require.NotContains(t, text, "FAIL")

	// No node listens there.
	text, err = command(t, "check", "--home", dir, "--passphrase-file", passphrase)
	require.ErrorIs(t, err, errCheck)
	require.Contains(t, text, "FAIL  node:")

	// A second init does not touch what is there.
	before, err := os.ReadFile(made.KeyFile)
	require.NoError(t, err)
	_, err = command(t, "init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node", "--owner", owner, "--chain-id", "alita-test-1")
	require.ErrorContains(t, err, "exists already")
	after, err := os.ReadFile(made.KeyFile)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	dir, passphrase := prepare(t)
	_, err := command(t, "init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node", "--owner", owner, "--chain-id", "alita-test-1")
	require.NoError(t, err)
	wrong := func(says string) {
		t.Helper()
		text, err := command(t, "check", "--offline", "--home", dir, "--passphrase-file", passphrase)
		require.ErrorIs(t, err, errCheck)
		require.Contains(t, text, says)
	}
	require.NoError(t, os.Chmod(dir, 0o755))
	wrong("FAIL  home: home: mode of " + dir + ": expected 0700, got 0755")
	require.NoError(t, os.Chmod(dir, 0o700))

	h := worker.Home(dir)
	require.NoError(t, os.Chmod(h.KeyFile(), 0o640))
	wrong("FAIL  key file: key file is open to others")
	require.NoError(t, os.Chmod(h.KeyFile(), 0o600))

	require.NoError(t, os.WriteFile(h.PolicyFile(), []byte("owner: nobody\n"), 0o600))
	wrong("FAIL  policy:")

	require.NoError(t, os.WriteFile(passphrase, []byte("another\n"), 0o600))
	wrong("FAIL  key file: wrong passphrase")
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	dir, passphrase := prepare(t)
	base := []string{"init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node"}
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"no owner":       {[]string{"--chain-id", "c"}, `required flag(s) "owner"`},
		"foreign owner":  {[]string{"--chain-id", "c", "--owner", "cosmos1abc"}, "owner"},
		"payer":          {[]string{"--chain-id", "c", "--owner", owner, "--fee-payer", "nobody"}, "fees.payer"},
		"output":         {[]string{"--chain-id", "c", "--owner", owner, "-o", "xml"}, "--output"},
		"short program":  {[]string{"--chain-id", "c", "--owner", owner, "--program", "ab"}, "programs"},
		"extra argument": {[]string{"--chain-id", "c", "--owner", owner, "extra"}, "unknown command"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := command(t, append(append([]string(nil), base...), tc.args...)...)
			require.ErrorContains(t, err, tc.says)
			require.NoDirExists(t, dir)
		})
	}
}

// A worker has a trust root, which its owner names if no witness can be asked.
func TestTrustRoot(t *testing.T) {
	dir, passphrase := prepare(t)
	base := []string{"init", "--home", dir, "--passphrase-file", passphrase, "--owner", owner, "--chain-id", "alita-test-1", "--node", "127.0.0.1:1"}
	root := func(height string) string { return height + ":" + strings.Repeat("A1", 32) }
	for says, args := range map[string][]string{
		"--trust: expected HEIGHT:HASH":                 nil,
		`got "12:AB"`:                                   {"--trust", "12:AB"},
		"node: header 0:":                               {"--witness", "127.0.0.1:2"},
		`expected host:port of its gRPC server, or htt`: {"--witness", "nowhere"},
	} {
		_, err := command(t, append(slices.Clone(base), args...)...)
		require.ErrorContains(t, err, says)
		require.NoDirExists(t, dir)
	}
	_, err := command(t, append(base, "--trust", root("12"), "--witness", "127.0.0.1:2")...)
	require.NoError(t, err)
	trusted := func() string {
		policy, err := worker.ReadPolicy(worker.Home(dir).PolicyFile())
		require.NoError(t, err)
		require.Equal(t, []string{"127.0.0.1:2"}, policy.Witnesses)
		if policy.Trust.Node {
			return "node"
		}
		return policy.Trust.Root.String()
	}
	require.Equal(t, root("12"), trusted())
	_, err = command(t, "trust", root("15"), "--home", dir)
	require.NoError(t, err)
	require.Equal(t, root("12"), trusted(), "without --write nothing is written")
	_, err = command(t, "trust", root("15"), "--home", dir, "--write")
	require.NoError(t, err)
	require.Equal(t, root("15"), trusted())
	_, err = command(t, "trust", "node", "--home", dir, "--write")
	require.NoError(t, err)
	require.Equal(t, "node", trusted())
	_, err = command(t, "trust", "everybody", "--home", dir, "--write")
	require.ErrorContains(t, err, "trust: expected HEIGHT:HASH or node")
	_, err = command(t, "trust", "--home", dir, "--write")
	require.ErrorContains(t, err, "node: header 0:", "nobody answers")
}

func TestPassphraseSources(t *testing.T) {
	_, file := prepare(t)
	o := &options{passphraseFile: file}
	p, err := o.passphrase(&bytes.Buffer{}, false)
	require.NoError(t, err)
	require.Equal(t, "the passphrase", p)

	require.NoError(t, os.Chmod(file, 0o644))
	_, err = o.passphrase(&bytes.Buffer{}, false)
	require.ErrorContains(t, err, "run chmod 600")
	for _, bad := range []string{"", "\n", "two\nlines\n", strings.Repeat("x", maxPassphrase+1)} {
		require.NoError(t, os.Chmod(file, 0o600))
		require.NoError(t, os.WriteFile(file, []byte(bad), 0o600))
		_, err = o.passphrase(&bytes.Buffer{}, false)
		require.ErrorContains(t, err, "one line")
	}

	t.Setenv(envPassphrase, "from the environment")
	p, err = (&options{}).passphrase(&bytes.Buffer{}, false)
	require.NoError(t, err)
	require.Equal(t, "from the environment", p)
}

func TestRunRefusesToStart(t *testing.T) {
	dir, passphrase := prepare(t)
	_, err := command(t, "run", "--home", dir, "--passphrase-file", passphrase)
	require.ErrorIs(t, err, home.ErrHome)
	_, err = command(t, "run", "--home", dir, "--passphrase-file", passphrase, "--log-level", "loud")
	require.ErrorContains(t, err, "--log-level")
	_, err = command(t, "run", "--home", dir, "--passphrase-file", passphrase, "--log-format", "xml")
	require.ErrorContains(t, err, "--log-format")
}

func TestSeatInit(t *testing.T) {
	dir, passphrase := prepare(t)
	text, err := command(t, "seat", "init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node", "--chain-id", "alita-test-1", "--cpus", "2", "-o", "json")
	require.NoError(t, err)
	var made seat.Initialized
	require.NoError(t, json.Unmarshal([]byte(text), &made))
	require.Equal(t, []string{
		"alitad tx bank send OPERATOR " + made.Seat + " 10000000ualita --chain-id alita-test-1",
		"alitad tx compute register-seat " + made.Seat + " 1000000000ualita 500 --from OPERATOR --chain-id alita-test-1",
	}, made.Commands)
	settings, err := seat.ReadSettings(made.ConfigFile)
	require.NoError(t, err)
	require.Equal(t, seat.Settings{ChainID: "alita-test-1", Node: "127.0.0.1:9090", Trust: chain.Trust{Node: true}, CPUs: 2}, settings)
	for path, mode := range map[string]os.FileMode{dir: 0o700, made.KeyFile: 0o600, made.ConfigFile: 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), path)
	}
	_, err = command(t, "seat", "init", "--home", dir, "--passphrase-file", passphrase, "--trust", "node", "--chain-id", "alita-test-1")
	require.ErrorContains(t, err, "exists already")

	// A second process is kept out, before the key is opened.
	lock, err := seat.Home(dir).Lock()
	require.NoError(t, err)
	_, err = command(t, "seat", "run", "--home", dir, "--passphrase-file", passphrase)
	require.ErrorIs(t, err, seat.ErrLocked)
	require.NoError(t, lock.Close())

	// So is one that uses another seat's journal.
	other, err := keyfile.Generate()
	require.NoError(t, err)
	journal, err := seat.OpenJournal(seat.Home(dir).Journal(), other.Reader, "alita-test-1", made.Seat)
	require.NoError(t, err)
	require.NoError(t, journal.Close())
	_, err = command(t, "seat", "run", "--home", dir, "--passphrase-file", passphrase)
	require.ErrorIs(t, err, seat.ErrForeignJournal)
	require.NoError(t, os.Chmod(dir, 0o755))
	_, err = command(t, "seat", "run", "--home", dir, "--passphrase-file", passphrase)
	require.ErrorIs(t, err, home.ErrHome)
}

func TestVersion(t *testing.T) {
	text, err := command(t, "version")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "alita-worker "), text)
	text, err = command(t, "version", "--output", "json")
	require.NoError(t, err)
	var info version.Info
	require.NoError(t, json.Unmarshal([]byte(text), &info))
	require.Equal(t, runtime.Version(), info.Go)
}

// The program that the Makefile builds says which source it comes from.
func TestVersionOfTheBuild(t *testing.T) {
	binaries := os.Getenv("ALITA_BINARIES")
	if binaries == "" {
		t.Skip("`make test` builds it")
	}
	if err := exec.Command("git", "rev-parse", "HEAD").Run(); err != nil {
		t.Skip("not in a clone")
	}
	out, err := exec.Command(filepath.Join(binaries, "alita-worker"), "version", "--output", "json").Output()
	require.NoError(t, err)
	var info version.Info
	require.NoError(t, json.Unmarshal(out, &info))
	require.Regexp(t, "^[0-9a-f]{40}$", info.Commit)
	require.NotEmpty(t, info.Version)
	require.NotContains(t, info.Version, "devel")
}
