using QRCoder;

namespace MisskeyAutomations.Cli;

/// <summary>Shows what is told about an order: sentences, and a link that a phone can read off a terminal.</summary>
internal static class OrderPrinter
{
    /// <summary>Shows a line; gives the exit code where it is the last one.</summary>
    public static int? Print(OrderLine line)
    {
        if (line is { Say: { } sentence, IsFailure: true })
        {
            CommandLine.Tell(sentence);
        }
        else if (line.Say is not null)
        {
            Console.WriteLine(line.Say);
        }

        if (line.Link is { } link)
        {
            Console.WriteLine();
            Console.WriteLine($"  {link.AbsoluteUri}");
            Console.WriteLine();
            if (!Console.IsOutputRedirected)
            {
                Console.WriteLine(QrCode(link));
                Console.WriteLine();
            }
        }

        if (line.Shown is { } shown)
        {
            Console.WriteLine();
            Console.WriteLine($"  {shown}");
            Console.WriteLine();
        }

        return line.Exit;
    }

    /// <summary>The link as blocks of text, light on dark.</summary>
    public static string QrCode(Uri link)
    {
        using var data = QRCodeGenerator.GenerateQrCode(link.AbsoluteUri, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall();
    }
}
