package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
)

func TestReadRefuses(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	sized := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	for name, c := range map[string]struct {
		doc  string
		want error
		text string
	}{
		"64 KiB":                     {sized(65536), nil, ""},
		"64 KiB and one byte":        {sized(65537), document.ErrTooLarge, "expected at most 65536 bytes, got 65537"},
		"depth 32":                   {nested(32), nil, ""},
		"depth 33":                   {nested(33), document.ErrTooDeep, "line 1 column 33"},
		"depth in a text":            {`"` + strings.Repeat("[", 40) + `\""`, nil, ""},
		"Latin-1":                    {"{\"name\":\"caf\xe9\"}", document.ErrNotUTF8, "byte 12"},
		"overlong encoding":          {"\"\xc0\xaf\"", document.ErrNotUTF8, "byte 1"},
		"encoded surrogate":          {"\"\xed\xa0\x80\"", document.ErrNotUTF8, "byte 1"},
		"escaped half of a pair":     {`"\ud83d"`, document.ErrNotUTF8, "half of one"},
		"escaped pair reversed":      {`"\ude00\ud83d"`, document.ErrNotUTF8, "half of one"},
		"escaped pair":               {`"\ud83d\ude00"`, nil, ""},
		"escaped backslash before u": {`"\\ud83d"`, nil, ""},
		"byte order mark":            {"\xef\xbb\xbf{}", nil, ""},
		"duplicate key":              {`{"a":{"url":1,"b":2,"url":3}}`, document.ErrDuplicateKey, "$.a.url"},
		"duplicate escaped key":      {`{"a":[{"url":1,"\u0075rl":3}]}`, document.ErrDuplicateKey, "$.a[0].url"},
		"same key at two depths":     {`{"a":{"a":1}}`, nil, ""},
		"text after the value":       {`{} x`, document.ErrSyntax, "line 1 column 4"},
		"two values":                 {`{}{}`, document.ErrSyntax, ""},
		"trailing comma":             {"{\n\"a\":[1,]}", document.ErrSyntax, "line 2 column 8"},
		"comment":                    {"// no\n{}", document.ErrSyntax, ""},
		"single quotes":              {`{'a':1}`, document.ErrSyntax, ""},
		"not a number":               {`[NaN]`, document.ErrSyntax, ""},
		"nothing":                    {``, document.ErrSyntax, ""},
		"open":                       {`{"a":`, document.ErrSyntax, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := document.Read([]byte(c.doc))
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
		})
	}
}

func TestReadKeepsNumbersAndOrder(t *testing.T) {
	v, err := document.Read([]byte(`{"z":1.10,"a":123456789012345678901234567890,"m":[true,null,-1E+2]}`))
	require.NoError(t, err)
	require.Equal(t, []string{"z", "a", "m"}, []string{v.Members[0].Key, v.Members[1].Key, v.Members[2].Key})
	require.Equal(t, "1.10", v.Member("z").Text)
	require.Equal(t, "123456789012345678901234567890", v.Member("a").Text)
	m := v.Member("m")
	require.Equal(t, document.Bool, m.Items[0].Kind)
	require.Equal(t, document.Null, m.Items[1].Kind)
	require.Equal(t, "-1E+2", m.Items[2].Text)
	require.Nil(t, v.Member("none"))
}

func TestPath(t *testing.T) {
	v, err := document.Read([]byte(`{"creator":[{"sc:name":{"it's":{"a\u001b\u202e":[0,1]}}}]}`))
	require.NoError(t, err)
	at := v.Member("creator").Items[0].Member("sc:name").Member("it's").Member("a\x1b\u202e").Items[1]
	require.Equal(t, `$.creator[0]['sc:name']['it\'s']['a\u001b\u202e'][1]`, at.Path())
	require.Equal(t, "$", v.Path())

	long, err := document.Read([]byte(`{"` + strings.Repeat("k", 5000) + `":1}`))
	require.NoError(t, err)
	require.Less(t, len(long.Members[0].Value.Path()), 200)
}
