using Microsoft.Playwright;
using MisskeyAutomations.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>Rule files read and changed in a browser, by a person who has the program running.</summary>
[Collection(DashboardHouse.Name)]
public sealed class RulePagesTests(DashboardHouse house) : IAsyncLifetime
{
    private const string Text = "# greets\nrules:\n  - name: page-rule  # mine\n    on: mention\n    do:\n      - reply: \"Hello!\"\n";

    // What a person types into; the field of the form, "#text", follows it.
    private const string Editor = ".cm-content";

    private IPage _page = null!;

    private string Path => System.IO.Path.Combine(house.RulesFolder, "page.yaml");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path, Text, TestContext.Current.CancellationToken);
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/rules");
        await _page.ClickAsync("text=page.yaml");
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        foreach (var file in Directory.EnumerateFiles(house.RulesFolder, "page.yaml*"))
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("en", false, false)]
    [InlineData("ja", true, true)]
    public async Task A_text_with_errors_is_told_so_and_kept(string language, bool isDark, bool isPhone)
    {
        var looks = new Looks(language, isDark, isPhone);
        var page = await house.OpenAsync(looks);
        await page.GotoAsync(_page.Url);
        await PagesTests.LooksWellAsync(page, looks, "rule-file");
        await page.GotoAsync($"{_page.Url}/edit");
        var broken = Text.Replace("reply:", "repli:", StringComparison.Ordinal);
        await page.FillAsync(Editor, broken);

        await page.ClickAsync("button[formaction$='/save']");

        Assert.Equal(broken, await page.InputValueAsync("#text"));
        Assert.Matches("MKA\\d{4}", await page.InnerTextAsync("#L6 + .finding"));
        Assert.Equal(Text, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        await Expect(page.Locator(".cm-lintRange-error")).ToHaveCountAsync(1);
        await PagesTests.LooksWellAsync(page, looks, "rule-edit");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_saved_text_comes_into_force_and_the_former_one_is_kept()
    {
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, Text.Replace("Hello!", "Good day!", StringComparison.Ordinal));

        await _page.ClickAsync("button[formaction$='/save']");

        Assert.EndsWith("?told=saved", _page.Url, StringComparison.Ordinal);
        Assert.Equal(Text.Replace("Hello!", "Good day!", StringComparison.Ordinal), await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal(Text, await File.ReadAllTextAsync(Path + ".before", TestContext.Current.CancellationToken));
        await _page.Locator("a[href$='from=before']").WaitForAsync();
        var saved = _page.Url;
        await Eventually.HoldsAsync(async () =>
        {
            await _page.GotoAsync(saved);
            return await _page.Locator(".note.warn").CountAsync() == 0;
        }, "the engine loads it");
        await _page.ClickAsync("a[href$='from=before']");
        Assert.Equal(Text, await _page.InputValueAsync("#text"));
    }

    [Fact]
    public async Task A_file_that_was_changed_meanwhile_is_not_overwritten()
    {
        await _page.ClickAsync("a[href$='/edit']");
        await File.WriteAllTextAsync(Path, Text + "# theirs\n", TestContext.Current.CancellationToken);
        await _page.FillAsync(Editor, Text + "# mine\n");

        await _page.ClickAsync("button[formaction$='/save']");

        Assert.Contains("# theirs", await _page.InnerTextAsync(".listing"), StringComparison.Ordinal);
        Assert.Equal(Text + "# mine\n", await _page.InputValueAsync("#text"));
        Assert.Equal(Text + "# theirs\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        await _page.ClickAsync("button[formaction$='/save']");
        Assert.Equal(Text + "# mine\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_draft_waits_beside_the_file_until_somebody_goes_on_with_it()
    {
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, "not yet");

        await _page.ClickAsync("button[formaction$='/draft']");

        Assert.Equal("not yet", await File.ReadAllTextAsync(Path + ".draft", TestContext.Current.CancellationToken));
        Assert.Equal(Text, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        await _page.ClickAsync("a[href$='from=draft']");
        Assert.Equal("not yet", await _page.InputValueAsync("#text"));
        await _page.GoBackAsync();
        await _page.ClickAsync("button.danger");
        Assert.False(File.Exists(Path + ".draft"));
    }

    [Fact]
    public async Task A_draft_replaces_no_other_draft_unseen()
    {
        await File.WriteAllTextAsync(Path + ".draft", "an hour of work\n", TestContext.Current.CancellationToken);
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, "# a line\n");

        await _page.ClickAsync("button[formaction$='/draft']");

        Assert.Contains("an hour of work", await _page.InnerTextAsync(".listing"), StringComparison.Ordinal);
        Assert.Equal("# a line\n", await _page.InputValueAsync("#text"));
        Assert.Equal("an hour of work\n", await File.ReadAllTextAsync(Path + ".draft", TestContext.Current.CancellationToken));
        await _page.ClickAsync("button[formaction$='/draft']");
        await _page.Locator("a[href$='from=draft']").WaitForAsync();
        Assert.Equal("# a line\n", await File.ReadAllTextAsync(Path + ".draft", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_text_that_is_kept_nowhere_is_not_left_unasked()
    {
        var asked = new List<string>();
        _page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Type);
            await dialog.DismissAsync();
        };
        await _page.ClickAsync("a[href$='/edit']");
        await _page.Locator(".cm-content").ClickAsync();
        await _page.Keyboard.TypeAsync("# mine");

        await _page.ClickAsync("nav a[href='/events']");
        await Eventually.HoldsAsync(() => asked.Count == 1, "it is asked for");

        Assert.Equal("beforeunload", asked[0]);
        Assert.Contains("# mine", await _page.Locator(".cm-content").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_found_stays_where_it_cannot_be_looked_for_anew()
    {
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, Text.Replace("reply:", "repli:", StringComparison.Ordinal));
        await Expect(_page.Locator(".cm-lintRange-error")).ToHaveCountAsync(1);
        await _page.RouteAsync("**/look", route => route.FulfillAsync(new() { Status = 503 }));

        await _page.Locator(".cm-content").PressAsync("End");
        await _page.Keyboard.TypeAsync(" ");

        await Expect(_page.Locator("[data-unchecked]")).ToContainTextAsync("It cannot be checked now");
        await Expect(_page.Locator(".cm-lintRange-error")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_draft_replaces_nothing_that_was_changed_since_unseen()
    {
        var draft = Text.Replace("Hello!", "Good day!", StringComparison.Ordinal);
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, draft);
        await _page.ClickAsync("button[formaction$='/draft']");
        await _page.Locator("a[href$='from=draft']").WaitForAsync();
        await File.WriteAllTextAsync(Path, Text + "# theirs\n", TestContext.Current.CancellationToken);

        await _page.ClickAsync("a[href$='from=draft']");
        await _page.ClickAsync("button[formaction$='/save']");

        Assert.Contains("# theirs", await _page.InnerTextAsync(".listing"), StringComparison.Ordinal);
        Assert.Equal(Text + "# theirs\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        await _page.ClickAsync("button[formaction$='/save']");
        await _page.Locator("a[href$='from=before']").WaitForAsync();
        Assert.Equal(draft, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(house.RulesFolder, "*.draft*"));
    }

    [Fact]
    public async Task Its_tests_are_run_with_the_text_as_it_stands()
    {
        const string Tests = "tests:\n  - name: says hello\n    given: { mention: { text: \"hi\", user: { username: bob } } }\n    expect: { rule: page-rule, reply: \"Good day!\" }\n";
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, Text + Tests);

        await _page.ClickAsync("button[formaction$='/test']");

        Assert.Contains("says hello", await _page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_editor_completes_explains_and_finds_what_is_wrong_as_somebody_types()
    {
        var refused = new List<string>();
        _page.Console += (_, line) => refused.AddRange(line.Type == "error" ? [line.Text] : []);
        await _page.ClickAsync("a[href$='/edit']");
        await Expect(_page.Locator("#words-live")).ToContainTextAsync("Hello!");
        await _page.HoverAsync(".cm-line:has-text('mention') >> text=on");
        await Expect(_page.Locator(".told")).Not.ToBeEmptyAsync();

        await _page.ClickAsync(".cm-line:has-text('reply')");
        await _page.Keyboard.PressAsync("End");
        await _page.Keyboard.PressAsync("Enter");
        await _page.Keyboard.TypeAsync("- rea");
        await _page.ClickAsync(".cm-tooltip-autocomplete li:has-text('react') >> nth=0");
        await _page.Keyboard.TypeAsync("👍");
        await Expect(_page.Locator("#words-live")).ToContainTextAsync("👍");
        Assert.Contains("- react: 👍", await _page.InputValueAsync("#text"), StringComparison.Ordinal);
        await _page.Keyboard.TypeAsync("\nnonsense");
        await Expect(_page.Locator(".cm-lint-marker-error")).ToHaveCountAsync(1);
        Assert.Empty(refused);

        await _page.FillAsync(Editor, Text.Replace("reply:", "repli:", StringComparison.Ordinal));
        await Expect(_page.Locator(".cm-lintRange-error")).ToHaveTextAsync("repli");
        await PagesTests.LooksWellAsync(_page, new Looks(), "rule-editor");
    }

    [Fact]
    public async Task Without_scripts_it_is_a_text_field_that_does_the_same()
    {
        var page = await house.OpenAsync(new Looks(HasScript: false));
        await page.GotoAsync($"{_page.Url}/edit");
        await page.FillAsync("#text", Text.Replace("Hello!", "Good day!", StringComparison.Ordinal));

        await page.ClickAsync("button[formaction$='/save']");

        Assert.Contains("Good day!", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_rule_is_switched_by_a_button_and_every_other_character_stays()
    {
        await _page.GotoAsync($"{house.Address}/rules");

        await _page.ClickAsync("[aria-label='page-rule: Turn off']");

        Assert.EndsWith("?told=switched", _page.Url, StringComparison.Ordinal);
        Assert.Equal(Text.Replace("# mine\n", "# mine\n    enabled: false\n", StringComparison.Ordinal), await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        await _page.ClickAsync("[aria-label='page-rule: Only show']");
        await _page.ClickAsync("[aria-label='page-rule: Turn on']");
        Assert.Equal(Text.Replace("# mine\n", "# mine\n    enabled: true\n", StringComparison.Ordinal), await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Before_saving_it_is_shown_what_would_have_happened()
    {
        var note = house.World.Post(house.Bob, "@alice what if");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(note).Count > 0, "it is answered, and so stored");
        await _page.ClickAsync("a[href$='/edit']");
        await _page.FillAsync(Editor, Text + "  - name: what-if\n    on: mention\n    when: contains(note.text, 'what if')\n    do:\n      - react: 👍\n");

        await _page.ClickAsync("button[formaction$='/past']");

        var cells = await _page.Locator("tr:has-text('what-if') td").AllInnerTextsAsync();
        Assert.Equal(["0", "1", "0"], cells.Take(3));
        Assert.Equal(1, await _page.Locator("tr:has-text('what-if') a[href^='/events/']").CountAsync());
        Assert.Equal(Text, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_address_leads_to_another_file()
    {
        foreach (var word in Traversals())
        {
            foreach (var end in (string[])["", "/edit", "/edit?from=draft"])
            {
                var answer = await _page.APIRequest.GetAsync($"{house.Address}/rules/files/{word}{end}");

                Assert.True(answer.Status is 400 or 404, $"{word}{end} gives {answer.Status}");
                Assert.DoesNotContain("root:", await answer.TextAsync(), StringComparison.Ordinal);
            }
        }
    }

    // 4 ways up, 5 ways to write a dot or slash, 4 goals.
    private static IEnumerable<string> Traversals() =>
        from up in (string[])["../../../../", "....//....//", "/", "./"]
        from goal in (string[])["etc/passwd", "page.yaml", "rules/page.yaml", "etc/passwd%00.yaml"]
        from write in (Func<string, string>[])
        [
            text => Uri.EscapeDataString(text),
            text => Uri.EscapeDataString(Uri.EscapeDataString(text)),
            text => text.Replace("/", "%5c", StringComparison.Ordinal),
            text => text.Replace("/", "%c0%af", StringComparison.Ordinal),
            text => text.Replace("..", "%2e%2e", StringComparison.Ordinal).Replace("/", "%2f", StringComparison.Ordinal),
        ]
        select write(up + goal);
}
