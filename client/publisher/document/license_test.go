package document_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestNormalizeLicense(t *testing.T) {
	for in, want := range map[string]string{
		"CC-BY-4.0":                     "CC-BY-4.0",
		"cc-by-sa-4.0":                  "CC-BY-SA-4.0",
		"afl-3.0":                       "AFL-3.0",
		" mit ":                         "MIT",
		"MIT License":                   "MIT",
		"The MIT license":               "MIT",
		"CC BY 4.0":                     "CC-BY-4.0",
		"CC BY-NC-SA 3.0":               "CC-BY-NC-SA-3.0",
		"CC BY-NC-ND 4.0 International": "CC-BY-NC-ND-4.0",
		"Creative Commons Attribution 4.0 International":                                  "CC-BY-4.0",
		"Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International License": "CC-BY-NC-SA-4.0",
		"Creative Commons Attribution-Non Commercial 3.0 Unported":                        "CC-BY-NC-3.0",
		"This work is licensed under a Creative Commons Attribution (CC-BY) 4.0 License":  "CC-BY-4.0",
		"CC0": "CC0-1.0",
		"CC0 1.0 Universal (CC0 1.0) Public Domain Dedication":      "CC0-1.0",
		"Creative Commons Zero v1.0 Universal":                      "CC0-1.0",
		"http://creativecommons.org/licenses/by/4.0":                "CC-BY-4.0",
		"https://creativecommons.org/licenses/by/4.0/":              "CC-BY-4.0",
		"https://creativecommons.org/licenses/by/4.0/legalcode":     "CC-BY-4.0",
		"https://creativecommons.org/licenses/by/4.0/legalcode.de":  "CC-BY-4.0",
		"https://creativecommons.org/licenses/by-nc-nd/4.0/deed.en": "CC-BY-NC-ND-4.0",
		"HTTPS://WWW.creativecommons.org/licenses/BY-SA/3.0/":       "CC-BY-SA-3.0",
		"https://creativecommons.org/licenses/by/3.0/de/":           "CC-BY-3.0-DE",
		"http://creativecommons.org/publicdomain/zero/1.0/":         "CC0-1.0",
		"http://creativecommons.org/publicdomain/zero/1.0":          "CC0-1.0",
		"https://spdx.org/licenses/CC-BY-4.0.html":                  "CC-BY-4.0",
		"https://spdx.org/licenses/odbl-1.0":                        "ODbL-1.0",
		"http://spdx.org/licenses/MIT.json":                         "MIT",
		"http://opendatacommons.org/licenses/pddl/1.0/":             "PDDL-1.0",
		"https://opendatacommons.org/licenses/odbl/1-0/":            "ODbL-1.0",
		"http://www.opendatacommons.org/licenses/by":                "ODC-By-1.0",
		"https://opensource.org/licenses/BSD-3-Clause":              "BSD-3-Clause",
		"https://opensource.org/license/mit/":                       "MIT",
		"https://www.apache.org/licenses/LICENSE-2.0.html":          "Apache-2.0",
		"Apache License, Version 2.0":                               "Apache-2.0",
		"Apache 2.0":                                                "Apache-2.0",
		"https://www.gnu.org/licenses/gpl-3.0.en.html":              "GPL-3.0-only",
		"Open Data Commons Open Database License (ODbL) v1.0":       "",
		"ODbL":   "ODbL-1.0",
		"ODC-By": "ODC-By-1.0",
		"http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/": "OGL-UK-3.0",
		"https://data.example.org/licence#2":                                        "https://data.example.org/licence#2",
		// What does not say which licence it is stays unknown.
		"":                 "",
		"Public":           "",
		"unknown":          "",
		"other":            "",
		"CC BY":            "",
		"CC BY 2.7":        "",
		"Creative Commons": "",
		"Creative Commons Attribution 3.0 Germany": "",
		"CC BY 3.0 or CC BY 4.0":                   "",
		"not CC BY 4.0":                            "",
		"CC BY 4.0 plus our own terms":             "",
		"http://data.example.org/licence":          "",
		"https://":                                 "",
	} {
		got, ok := document.NormalizeLicense(in)
		if want == "" {
			require.False(t, ok, "%q gave %q", in, got)
			continue
		}
		require.True(t, ok, in)
		require.Equal(t, want, got, in)
		require.NoError(t, types.ValidateLicense(got), in)
		again, ok := document.NormalizeLicense(got)
		require.True(t, ok, in)
		require.Equal(t, got, again, "a normalized licence stays")
	}
}
