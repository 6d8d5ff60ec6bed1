package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/devnet/localnet"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/node/chain"
)

// median and nine tenths of durations.
func quantiles(d []time.Duration) string {
	slices.Sort(d)
	return fmt.Sprintf("%.2f ms (9 of 10 below %.2f)", d[len(d)/2].Seconds()*1000, d[len(d)*9/10].Seconds()*1000)
}

// TestProvedQuestions asks a network of four validators with proofs, from a root that two nodes agree on, and logs what that takes.
func TestProvedQuestions(t *testing.T) {
	ctx := testContext(t)
	net, err := localnet.Start(ctx, localnet.Config{Binary: alitad(), Dir: t.TempDir(), Validators: 4})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, net.Stop()) })
	require.NoError(t, net.WaitHeight(ctx, 6))
	root, agreed, err := chain.FindRoot(ctx, localnet.ChainID, 0, net.GRPC(0), net.GRPC(1), net.GRPC(2))
	require.NoError(t, err)
	require.Equal(t, 2, agreed)
	c, err := chain.Connect(chain.Endpoints{
		ChainID: localnet.ChainID, Node: net.GRPC(0), Witnesses: []string{net.GRPC(1)}, Trust: chain.Trust{Root: root}, Folder: t.TempDir(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	proving := c.State.(*chain.Proving)

	var headers, ages, proved, plain, checks, absent []time.Duration
	var height int64
	for ; len(headers) < 8; time.Sleep(20 * time.Millisecond) { // until eight blocks were seen, however long they take
		begun := time.Now()
		s, err := proving.Status(ctx)
		require.NoError(t, err)
		if s.Height == height {
			continue
		}
		headers, ages, height = append(headers, time.Since(begun)), append(ages, time.Since(s.Time)), s.Height
	}
	for range 300 {
		_, err := proving.Status(ctx)
		require.NoError(t, err)
		begun := time.Now()
		size, err := proving.MaxContributionBytes(ctx)
		require.NoError(t, err)
		proved = append(proved, time.Since(begun))
		begun = time.Now()
		same, err := c.Client.MaxContributionBytes(ctx)
		require.NoError(t, err)
		plain = append(plain, time.Since(begun))
		require.Equal(t, same, size)
		begun = time.Now()
		_, err = proving.Contribution(ctx, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "000102030405060708090a0b0c0d0e0f")
		require.ErrorIs(t, err, chain.ErrNotFound)
		absent = append(absent, time.Since(begun))
	}
	of, _ := proving.Agreed()
	t.Logf("%d headers, %d witness(es): %s each; the newest state that can be proved is %s old", len(headers), of, quantiles(headers), quantiles(ages))
	b, err := c.Client.Block(ctx, 0, nil)
	require.NoError(t, err)
	layers, err := c.Client.Prove(ctx, keys.Compute, keys.Params(), b.Header.Height-1)
	require.NoError(t, err)
	for range 300 {
		begun := time.Now()
		_, err := light.CheckProof(b.Header.AppHash, keys.Compute, keys.Params(), layers)
		require.NoError(t, err)
		checks = append(checks, time.Since(begun))
	}
	t.Logf("a question: %s with proof, %s without; absence %s; checking a proof %s; header with commit and validators %d bytes",
		quantiles(proved), quantiles(plain), quantiles(absent), quantiles(checks), len(b.Encode()))
}

// TestProvedCommands logs what a command of alitad takes that asks with proofs, and the same without, on a network of four
// validators. The one with proofs also waits for the next block.
func TestProvedCommands(t *testing.T) {
	ctx := testContext(t)
	net, err := localnet.Start(ctx, localnet.Config{
		Binary: alitad(), Dir: t.TempDir(), Validators: 4, Accounts: []localnet.Account{{Name: "maker", Coins: "100000000000ualita"}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, net.Stop()) })
	file := filepath.Join(t.TempDir(), "pool.json")
	require.NoError(t, os.WriteFile(file, []byte(poolFile), 0o600))
	_, err = net.Broadcast(ctx, "maker", "datapool", "create-pool", file)
	require.NoError(t, err)
	var proved, plain []time.Duration
	for range 8 {
		for trust, took := range map[string]*[]time.Duration{"": &proved, "node": &plain} {
			args := []string{"tx", "datapool", "swap", "LIGHT", "1ALITA", "--quote-only", "--from", "maker"}
			if trust != "" {
				args = append(args, "--trust", trust)
			}
			begun := time.Now()
			_, err := net.CLI(ctx, args...)
			require.NoError(t, err)
			*took = append(*took, time.Since(begun))
		}
	}
	t.Logf("a quote of a swap: %s with proofs, %s without", quantiles(proved), quantiles(plain))
}
