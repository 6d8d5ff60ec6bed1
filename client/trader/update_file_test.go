package trader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestUpdateFile(t *testing.T) {
	p := types.Pool{
		Id: 7, Symbol: "SPEED", Description: "Speeds.",
		RewardPolicy: types.RewardPolicy{
			PerRecord: math.NewInt(10), PerRow: math.NewInt(2), MaxPerRecord: math.NewInt(50), MatchPpm: 30_000,
			PerDay: math.NewInt(300), MaxPerDay: math.NewInt(500),
		},
		Requirements: types.Requirements{
			Text: "Rows.", MinRows: 4,
			Columns: []types.RequiredColumn{{Name: "a", Type: types.COLUMN_TYPE_TEXT}, {Name: "b"}},
		},
	}
	tests := []struct {
		name, file string
		change     func(*types.MsgUpdatePool)
		says       string
	}{
		{name: "to nothing", file: `{"description":"","requirements":{"text":"","columns":[],"min_rows":0}}`, change: func(m *types.MsgUpdatePool) {
			m.Description, m.Requirements = "", types.Requirements{}
		}},
		{name: "columns replace the list", file: `{"requirements":{"columns":[{"name":"c"}]}}`, change: func(m *types.MsgUpdatePool) {
			m.Requirements.Columns = []types.RequiredColumn{{Name: "c"}}
		}},
		{name: "more for a row, no bound", file: `{"reward_per_row":"3units","max_reward_per_record":"60units"}`, change: func(m *types.MsgUpdatePool) {
			m.RewardPolicy.PerRow, m.RewardPolicy.MaxPerRecord = math.NewInt(3), math.NewInt(60)
		}},
		{name: "less a day", file: `{"rewards_per_day":"4units","max_rewards_per_day":"5units"}`, change: func(m *types.MsgUpdatePool) {
			m.RewardPolicy.PerDay, m.RewardPolicy.MaxPerDay = math.NewInt(4), math.NewInt(5)
		}},
		{name: "more matched", file: `{"match":"50%"}`, change: func(m *types.MsgUpdatePool) { m.RewardPolicy.MatchPpm = 500_000 }},
		{name: "more than half matched", file: `{"match":"50.1%"}`, says: "reward_policy.match_ppm: expected at most 500000"},
		{name: "no part", file: `{"match":"half"}`, says: "match: "},
		{name: "a higher ceiling", file: `{"max_rewards_per_day":"501units"}`, says: "reward_policy.max_per_day: expected at most the 500"},
		{name: "what nobody reviews", file: `{"requirements":{"open_admission":true}}`, says: "expected no reward for admitted records if admission is open"},
		{name: "lower", file: `{"reward_per_record":"9units"}`, says: "reward_policy.per_record: expected no less"},
		{name: "no bound", file: `{"max_reward_per_record":"0SPEED"}`, says: "reward_policy.max_per_record: expected at least 1"},
		{name: "wrong unit", file: `{"reward_per_row":"3ALITA"}`, says: "reward_per_row: expected a unit of SPEED, units"},
		{name: "nothing", file: `{}`, says: "expected a change"},
		{name: "the same", file: `{"description":"Speeds.","rewards_per_day":"300units"}`, says: "expected a change"},
		{name: "what cannot change", file: `{"fees":{"swap":"1%"}}`, says: "unknown field"},
		{name: "trailing", file: `{"description":"x"} {}`, says: "nothing after it"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := trader.ParseUpdateFile([]byte(tc.file), p, "alita1maker")
			if tc.says != "" {
				require.ErrorContains(t, err, tc.says)
				return
			}
			require.NoError(t, err)
			want := &types.MsgUpdatePool{Maker: "alita1maker", PoolId: 7, Description: p.Description, Requirements: p.Requirements, RewardPolicy: p.RewardPolicy}
			tc.change(want)
			require.Equal(t, want.String(), got.String())
		})
	}
}

func FuzzUpdateFile(f *testing.F) {
	f.Add([]byte(`{"description":"x","reward_per_record":"5units","requirements":{"columns":[{"name":"a"}]}}`))
	f.Add([]byte(`{"rewards_per_day":"1SPEED"}`))
	p := types.Pool{Id: 1, Symbol: "SPEED", RewardPolicy: types.RewardPerRecord(math.NewInt(1))}
	f.Fuzz(func(t *testing.T, data []byte) {
		if msg, err := trader.ParseUpdateFile(data, p, "alita1maker"); err == nil {
			require.NoError(t, msg.RewardPolicy.CheckRaised(p.RewardPolicy))
		}
	})
}
