using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Gateway.Admin;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class RegistrationTests
{
    [Fact]
    public void Prices_GatewayAndAdminApiAdded_AreBoundOnce()
    {
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Prices:0:Model", "gpt-*"), new("Prices:0:InputPerMillion", "2.5")])
            .Build();
        var services = new ServiceCollection();

        services.AddGateway(root).AddAdminApi(root);

        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IOptions<PriceOptions>>().Value.Prices.ShouldHaveSingleItem().Model.ShouldBe("gpt-*");
        services.Count(static s => s.ServiceType == typeof(IConfigureOptions<PriceOptions>)).ShouldBe(1);
    }
}
