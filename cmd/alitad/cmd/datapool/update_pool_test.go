package datapool_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestUpdatePoolCommand changes a pool by the example that the command prints; what the
// example leaves out stays.
func TestUpdatePoolCommand(t *testing.T) {
	f, ctx, _ := setup(t)
	maker := f.Text(testutil.Account(1))
	before, err := f.Keeper.Pool(f.Ctx, 1)
	require.NoError(t, err)
	_, example, err := run(t, ctx, "update-pool", "--example")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "update.json")
	require.NoError(t, os.WriteFile(file, []byte(example), 0o600))
	msg, said, err := run(t, ctx, "update-pool", "SPEED", file, "--generate-only", "--from", maker)
	require.NoError(t, err)
	require.Contains(t, said, "Pool     SPEED, revision 1 becomes 2\nChanges  description, requirements, rewards\n")
	require.Contains(t, said, "Rewards  12 SPEED for each record; no more than 30 SPEED a day")
	_, err = f.Msg.UpdatePool(f.Ctx, msg.(*types.MsgUpdatePool))
	require.NoError(t, err)
	after, err := f.Keeper.Pool(f.Ctx, 1)
	require.NoError(t, err)
	require.Equal(t, before.Requirements.Columns, after.Requirements.Columns)
	require.Equal(t, before.Requirements.Text, after.Requirements.Text)
	require.EqualValues(t, 10, after.Requirements.MinRows)
	require.Equal(t, "10000000", after.RewardPolicy.PerRecord.String(), "a raise waits")
	require.Equal(t, "12000000", after.PendingRewards.Policy.PerRecord.String())
	require.Equal(t, "30000000", after.RewardPolicy.PerDay.String())

	_, _, err = run(t, ctx, "update-pool", "SPEED", file, "--generate-only", "--from", maker)
	require.ErrorContains(t, err, "expected a change, got what pool 1 has already")
	_, _, err = run(t, ctx, "update-pool", "SPEED", "--generate-only", "--from", maker)
	require.ErrorContains(t, err, "expected a POOL and a FILE, got ")
	_, _, err = run(t, ctx, "update-pool", "OTHER", file, "--generate-only", "--from", maker)
	require.ErrorContains(t, err, "the pools are listed by")
}
