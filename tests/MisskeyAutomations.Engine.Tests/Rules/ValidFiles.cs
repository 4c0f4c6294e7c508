using System.Globalization;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>Rule files without findings, of every style that YAML has.</summary>
internal static class ValidFiles
{
    public static readonly IReadOnlyList<string> All =
    [
        """
        # rules/welcome.yaml
        rules:
          - name: follow-back
            on: followed
            when: not user.isBot           # evaluated twice
            after: 1m..5m
            limit: 1 per user per 7d
            do:
              - follow: user

          - name: thank-renoter
            on: renote
            limit: 1 per user per day
            do:
              - reply: |
                  Thanks for the renote, ${user.name}!

                    indented, and a trailing line

              - stop
        """,
        """
        lists: { friends: [ai, "syuilo", 'it''s'], 'words': ["a\tb", "日本\u8a9e", "\U0001F44D", "\ud83d\udc4d"] }
        rules: [{ name: 挨拶, on: [mention, reply], when: { any: ["user.isCat", 'user.isBot'] }, do: [{ reply: "おはよう 👍
          ${user.name}

          line \
          joined" , visibility: home }, stop] }]
        ---
        defaults: {timezone: Asia/Tokyo, budget: {notes: 60 per 1h}}
        """,
        """
        rules:
        - name: plain
          on: mention
          description: several words
            over lines

            and paragraphs
          do:
          - reply: >-
              folded text
              on lines

              more
                indented
              end
            cw: >+

              keep


          - api: test
            with:
              text: ${note.said}
              n: [1, -2.5, 1e3, 010, yes, ~, true]
              deep: { a: { b: { c: d } } }
            as: answer
          - if: user.isBot
            then: stop
            else:
            - wait: 5s
        """,
        "rules:\r\n  - name: windows\r\n    on: mention\r\n    do:\r\n      - reply: |2\r\n            two more\r\n          here\r\n      - reply: 'a\r\n\r\n          b'\r\n      - note: |-\r\n          no end\r\n",
        """
        tests:
          - name: bots are not followed
            given: { followed: { user: { username: bot, isBot: true } } }
            expect: { follow-back: { skipped: bots } }
        rules:
          - { name: limits, on: { type: other }, limit: [10 per hour, { max: 3, within: 1d }], enabled: false, include: self, account: main, late: 1h, do: stop, else: { log: no } }
        """,
    ];

    public static string Numbered(int i) => string.Create(CultureInfo.InvariantCulture, $$"""
        rules:
          - name: follow-back-{{i}}
            description: |
              Follows people back who are no bots,
              after a while.
            on: followed
            when:
              - not user.isBot
              - any:
                  - user.isLocal
                  - user.isCat
            after: 1m..5m
            limit: 1 per user per 7d
            do:
              - follow: user
              - note: |
                  Welcome, ${user.name}!
                  Glad to have you here.
                visibility: home
              - if: user.isCat
                then:
                  - log: "a cat: ${user.username}"
        """);
}
