package publisher_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestChooseWorkers(t *testing.T) {
	a, _ := newWorker(t, "me", "a")
	b, _ := newWorker(t, "me", "b")
	foreign, _ := newWorker(t, "you", "c")
	many := make([]types.Worker, seal.MaxRecipients+1)
	for i := range many {
		many[i] = types.Worker{Owner: "me", Address: string(rune('a' + i))}
	}
	for name, c := range map[string]struct {
		all   []types.Worker
		named []string
		want  []types.Worker
		text  string
	}{
		"all":              {[]types.Worker{a, b}, nil, []types.Worker{a, b}, ""},
		"named":            {[]types.Worker{a, b}, []string{"b"}, []types.Worker{b}, ""},
		"none":             {nil, nil, nil, "expected a registered worker of me, got none"},
		"not registered":   {[]types.Worker{a}, []string{"a", "z"}, nil, "expected a registered worker of me, got z"},
		"of another owner": {[]types.Worker{a, foreign}, nil, nil, "expected workers of me, got worker c of you"},
		"too many":         {many, nil, nil, "expected at most 8 workers, got 9"},
		"named of many":    {many, []string{"b"}, many[1:2], ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := publisher.ChooseWorkers(c.all, "me", c.named)
			if c.text != "" {
				require.ErrorIs(t, err, publisher.ErrNoWorker)
				require.ErrorContains(t, err, c.text)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}
